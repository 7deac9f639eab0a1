import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { type KnownSkill, type Skill, skillSchema } from '#ir/skill.js';
import { OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { schemaProblem } from '../inputs.js';
import { readYaml } from '../yaml.js';
import { limitOf } from './expand.js';

/**
 * A skill from the text of its file, YAML or JSON. Its expressions and the arguments of its steps are checked where it is used.
 * @param slug what the file is called, without its ending
 * @throws OpsroomError SKILL_INVALID with the first that is wrong
 */
export function readSkill(text: string, file: string, slug: string): KnownSkill {
  const { value, problems } = readYaml(text, file);
  const [first] = problems;
  if (first) throw invalid(first.what, `${file}:${first.line ?? 1}:${first.column ?? 1}`);
  const parsed = skillSchema.safeParse(value);
  if (!parsed.success) {
    const words = parsed.error.issues.slice(0, 5).map((issue) => issueWords(issue.path.join('.') || 'the file', issue));
    throw invalid(words.join('; '), file);
  }
  const skill = parsed.data;
  const wrong =
    skill.slug === slug ? skillProblem(skill) : `slug: it is "${skill.slug}", and the file is called "${slug}"`;
  if (wrong !== undefined) throw invalid(wrong, file);
  return { skill, digest: jsonDigest(skill as unknown as JsonObject) };
}

const invalid = (what: string, where: string) =>
  new OpsroomError('SKILL_INVALID', { what: `The skill cannot be used: ${what}`, where });

function skillProblem(skill: Skill): string | undefined {
  const schemas = [
    ['inputSchema', skill.inputSchema],
    ['outputSchema', skill.outputSchema],
  ] as const;
  const broken = schemas.flatMap(([name, schema]) => {
    const what = schemaProblem(schema);
    return what === undefined ? [] : [`${name}: ${what}`];
  });
  return broken[0] ?? systemProblem(skill) ?? toolProblem(skill) ?? runtimeProblem(skill);
}

/** What is listed is what is used, so that whoever reads the list knows. */
function toolProblem({ steps, tools }: Skill): string | undefined {
  const used = new Set(
    steps.flatMap(({ tool, rollback = [] }) =>
      [tool, ...rollback.map((back) => back.tool)].filter((name) => name !== undefined),
    ),
  );
  const more = [...used].find((name) => !tools.includes(name));
  if (more !== undefined) return `tools: a step uses "${more}", which is not listed`;
  const never = tools.find((name) => !used.has(name));
  return never === undefined ? undefined : `tools: no step uses "${never}"`;
}

function systemProblem({ steps }: Skill): string | undefined {
  const waits = steps.find(({ tool }) => tool === undefined);
  return waits === undefined
    ? undefined
    : `steps: "${waits.id}" names no tool; what waits for people or times belongs into the plan`;
}

/** Steps may run one after the other: together they must end in time, every attempt of each. */
function runtimeProblem(skill: Skill): string | undefined {
  const most = skill.constraints.max_runtime_ms;
  const sum = skill.steps.reduce(
    (all, step) => all + limitOf(skill, step) * (step.retryPolicy?.maxAttempts ?? 1),
    limitOf(skill, undefined),
  );
  if (sum <= most) return undefined;
  return `constraints.max_runtime_ms: it is ${most}, and the steps with their attempts may take ${sum} ms`;
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
