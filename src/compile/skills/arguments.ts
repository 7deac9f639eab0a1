import type { JsonObject, JsonValue } from '#ir/json.js';
import { schemaMismatch } from '#ir/json-schema.js';
import type { Skill } from '#ir/skill.js';
import { didYouMean } from '#ir/suggest.js';
import type { FormProblem } from '../form.js';

function propertiesOf({ inputSchema }: Skill): Record<string, JsonObject> {
  const { properties } = inputSchema as { properties?: Record<string, JsonObject> };
  return properties ?? {};
}

/** What a plan gives, and what the skill's schema says where it gives nothing. */
export function withDefaults(skill: Skill, args: JsonObject): JsonObject {
  const usual = Object.entries(propertiesOf(skill)).flatMap(([name, schema]): [string, JsonValue][] =>
    schema['default'] === undefined ? [] : [[name, schema['default']]],
  );
  return { ...Object.fromEntries(usual), ...args };
}

/** Arguments that the skill does not know, lacks, or that do not fit; what holds an expression is known when it runs. */
export function argumentProblems(skill: Skill, args: JsonObject): FormProblem[] {
  const properties = propertiesOf(skill);
  const known = Object.keys(properties);
  const required = (skill.inputSchema as { required?: string[] }).required ?? [];
  const lacking = required.filter((name) => args[name] === undefined);
  const strange = Object.keys(args).filter((name) => !known.includes(name));
  return [
    ...lacking.map((name) => problem(['args'], `${skill.slug} needs "${name}"`, `Add ${name} to args.`)),
    ...strange.map((name) =>
      problem(['args', name], `${skill.slug} has no argument "${name}"`, didYouMean(name, known)),
    ),
    ...Object.entries(args).flatMap(([name, value]) => {
      const schema = properties[name];
      const what = schema === undefined || holdsExpression(value) ? undefined : schemaMismatch(schema, value);
      return what === undefined
        ? []
        : [problem(['args', name], `${name} ${what}`, 'See `opsroom skills show` for what it takes.')];
    }),
  ];
}

const problem = (path: FormProblem['path'], what: string, mend: string): FormProblem => ({ path, what, mend });

function holdsExpression(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (Array.isArray(value)) return value.some(holdsExpression);
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsExpression);
}
