import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { type KnownSkill, type Skill, skillSchema } from '#ir/skill.js';
import { OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { schemaProblem } from '../inputs.js';
import { type Path, readYaml } from '../yaml.js';
import { limitOf } from './expand.js';

/**
 * A skill from the text of its file, YAML or JSON. Its expressions and the arguments of its steps are checked where it is used.
 * @param slug what the file is called, without its ending
 * @throws OpsroomError SKILL_INVALID with the first that is wrong
 */
export function readSkill(text: string, file: string, slug: string): KnownSkill {
  const source = readYaml(text, file);
  const { value, problems } = source;
  const [first] = problems;
  if (first) throw invalid(first.what, `${file}:${first.line ?? 1}:${first.column ?? 1}`);
  const at = (path: Path): string => {
    const { line, column } = source.place(path);
    return `${file}:${line}:${column}`;
  };
  const parsed = skillSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 5);
    const words = issues.map((issue) => issueWords(issue.path.join('.') || 'the file', issue));
    throw invalid(words.join('; '), at(namesIn(issues[0]?.path)));
  }
  const skill = parsed.data;
  const wrong =
    skill.slug === slug
      ? skillProblem(skill)
      : wrongAt(['slug'], `it is "${skill.slug}", and the file is called "${slug}"`);
  if (wrong !== undefined) throw invalid(`${wrong.path.join('.')}: ${wrong.what}`, at(wrong.path));
  return { skill, digest: jsonDigest(skill as unknown as JsonObject) };
}

interface Wrong {
  readonly path: Path;
  readonly what: string;
}

const wrongAt = (path: Path, what: string): Wrong => ({ path, what });

const namesIn = (path: readonly PropertyKey[] = []): Path => path.filter((part) => typeof part !== 'symbol');

const invalid = (what: string, where: string) =>
  new OpsroomError('SKILL_INVALID', { what: `The skill cannot be used: ${what}`, where });

function skillProblem(skill: Skill): Wrong | undefined {
  const schemas = [
    ['inputSchema', skill.inputSchema],
    ['outputSchema', skill.outputSchema],
  ] as const;
  const broken = schemas.flatMap(([name, schema]) => {
    const what = schemaProblem(schema);
    return what === undefined ? [] : [wrongAt([name], what)];
  });
  return broken[0] ?? systemProblem(skill) ?? toolProblem(skill) ?? runtimeProblem(skill);
}

/** What is listed is what is used, so that whoever reads the list knows. */
function toolProblem({ steps, tools }: Skill): Wrong | undefined {
  const used = new Set(
    steps.flatMap(({ tool, rollback = [] }) =>
      [tool, ...rollback.map((back) => back.tool)].filter((name) => name !== undefined),
    ),
  );
  const more = [...used].find((name) => !tools.includes(name));
  if (more !== undefined) return wrongAt(['tools'], `a step uses "${more}", which is not listed`);
  const never = tools.findIndex((name) => !used.has(name));
  return never === -1 ? undefined : wrongAt(['tools', never], `no step uses "${tools[never]}"`);
}

function systemProblem({ steps }: Skill): Wrong | undefined {
  const waits = steps.findIndex(({ tool }) => tool === undefined);
  const what = `"${steps[waits]?.id}" names no tool; what waits for people or times belongs into the plan`;
  return waits === -1 ? undefined : wrongAt(['steps', waits], what);
}

/** Steps may run one after the other: together they must end in time, every attempt of each. */
function runtimeProblem(skill: Skill): Wrong | undefined {
  const most = skill.constraints.max_runtime_ms;
  const sum = skill.steps.reduce(
    (all, step) => all + limitOf(skill, step) * (step.retryPolicy?.maxAttempts ?? 1),
    limitOf(skill, undefined),
  );
  if (sum <= most) return undefined;
  const what = `it is ${most}, and the steps with their attempts may take ${sum} ms`;
  return wrongAt(['constraints', 'max_runtime_ms'], what);
}

/** A plan that does nothing but use a skill, with everything that it takes as an input: to check what the skill says. */
export function trialPlan({ skill }: KnownSkill): JsonValue {
  const { properties = {} } = skill.inputSchema as { properties?: JsonObject };
  const args = Object.fromEntries(Object.keys(properties).map((name) => [name, `{{ inputs.${name} }}`]));
  const [environment = 'trial'] = skill.constraints.allowed_envs ?? [];
  return {
    apiVersion: 'opsroom/v1',
    title: `Use ${skill.slug}`,
    inputSchema: { ...skill.inputSchema },
    target: { environment },
    steps: [{ id: 'use', skill: skill.slug, args }],
  };
}
