import type { z } from 'zod';
import { ExpressionProblem } from '#ir/cel-parse.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { planSchema, stepSchema } from '#ir/plan.js';
import type { KnownSkill, Skill } from '#ir/skill.js';
import { didYouMean } from '#ir/suggest.js';
import type { FormProblem } from '../form.js';
import { argumentProblems, withDefaults } from './arguments.js';
import { type Binding, bound, boundExpression } from './substitute.js';

type ParsedPlan = z.output<typeof planSchema>;
type ParsedStep = z.output<typeof stepSchema>;

/** The skills that a plan may use. */
export interface Skills {
  /** @throws OpsroomError SKILL_INVALID */
  get(name: string): KnownSkill | undefined;
  names(): readonly string[];
}

const NONE: Skills = { get: () => undefined, names: () => [] };

export interface Expanded {
  readonly plan: ParsedPlan;
  /** With the place of the step in the plan as it was written. */
  readonly problems: readonly (FormProblem & { readonly step: string })[];
  /** Steps that a skill has brought → the place of the step that uses it. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * A plan in which every step that uses a skill is replaced by the skill's own: one that begins and holds the constraints, its steps
 * under `ID-STEP`, and one under the id itself that waits for all, puts out what the skill promises, and is judged by its verifiers.
 * The plan then stands by itself, and its digest covers what the skill said.
 */
export function expandSkills(plan: ParsedPlan, skills: Skills = NONE): Expanded {
  if (plan.steps.every(({ skill }) => skill === undefined)) return { plan, problems: [], places: new Map() };
  const problems: (FormProblem & { step: string })[] = [];
  const places = new Map<string, number>();
  const used: JsonObject[] = [];
  const steps = inOrder(plan).flatMap(({ step, place }): ParsedStep[] => {
    if (step.skill === undefined) return [step];
    const report = (path: FormProblem['path'], what: string, mend: string) =>
      problems.push({ path: ['steps', place, ...path], what, mend, step: step.id });
    const known = skills.get(step.skill);
    if (known === undefined) {
      report(['skill'], `there is no skill "${step.skill}"`, didYouMean(step.skill, [...skills.names()]));
      return [];
    }
    for (const found of [...unfit(step), ...argumentProblems(known.skill, step.args)])
      report(found.path, found.what, found.mend);
    used.push({ step: step.id, skill: known.skill.slug, version: known.skill.version, digest: known.digest });
    const own = expandStep(step, known, plan, report);
    for (const { id } of own) places.set(id, place);
    return own;
  });
  const metadata = { ...plan.metadata, skills: used };
  return {
    plan: { ...plan, steps: steps.map((step) => ({ ...step, idx: undefined })) as ParsedStep[], metadata },
    problems,
    places,
  };
}

/** In the order of `idx`. In the seed's form each step follows the one before, which the steps of a skill would hide. */
function inOrder(plan: ParsedPlan): { step: ParsedStep; place: number }[] {
  const ordered = plan.steps
    .map((step, place) => ({ step, place }))
    .toSorted((a, b) => (a.step.idx ?? a.place) - (b.step.idx ?? b.place));
  const isSequence = plan.apiVersion === undefined && plan.steps.every(({ dependsOn }) => dependsOn === undefined);
  if (!isSequence) return ordered;
  return ordered.map(({ step, place }, at) => {
    const before = ordered[at - 1]?.step.id;
    return { step: { ...step, dependsOn: before === undefined ? [] : [before] }, place };
  });
}

const OWN = [
  'tool',
  'forEach',
  'rollback',
  'retryPolicy',
  'timeoutMs',
  'sandbox',
  'artefacts',
  'outputs',
  'outputSchema',
  'readOnly',
  'idempotent',
] as const;

/** What is the skill's own business. */
function unfit(step: ParsedStep): FormProblem[] {
  return OWN.filter((field) => step[field] !== undefined).map((field) => ({
    path: [field],
    what: `a step that uses a skill has no ${field}: the skill says it itself`,
    mend:
      field === 'forEach' ? 'Write one step for each use of the skill.' : `Leave out ${field}, or change the skill.`,
  }));
}

type Report = (path: FormProblem['path'], what: string, mend: string) => void;

function expandStep(step: ParsedStep, { skill, digest }: KnownSkill, plan: ParsedPlan, report: Report): ParsedStep[] {
  const { id } = step;
  const binding: Binding = { args: withDefaults(skill, step.args), stepId: (own) => `${id}-${own}` };
  const shared = { skill: skill.slug, ...(step.if === undefined ? {} : { if: step.if }) };
  const begin = beginning(step, skill, digest);
  const inner = skill.steps.flatMap((own): ParsedStep[] => {
    try {
      return [
        {
          ...boundStep(own, binding, begin.id, limitOf(skill, own)),
          ...shared,
          if: bothIfs(step.if, own.if, binding),
        } as ParsedStep,
      ];
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      report(
        ['skill'],
        `step "${own.id}" of the skill: ${error.message}`,
        'Correct the skill: `opsroom skills check` names what is wrong.',
      );
      return [];
    }
  });
  const known = environmentProblem(skill, plan);
  if (known !== undefined)
    report(['skill'], known, `Set target.environment to one of: ${skill.constraints.allowed_envs?.join(', ')}.`);
  return [{ ...begin, ...shared }, ...inner, { ...ending(step, skill, binding), ...shared }];
}

/** Both conditions hold for a step of the skill. */
function bothIfs(outer: string | undefined, own: string | undefined, binding: Binding): string | undefined {
  const inner = own === undefined ? undefined : boundExpression(bare(own), binding);
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return `(${bare(outer)}) && (${inner})`;
}

const bare = (text: string) => text.trim().replace(/^\{\{([\s\S]*)\}\}$/, '$1');

/** An environment that is only known when the plan runs is looked at by the step that begins. */
function environmentProblem({ constraints, slug }: Skill, { target }: ParsedPlan): string | undefined {
  const allowed = constraints.allowed_envs;
  const environment = target?.environment;
  if (
    allowed === undefined ||
    (environment !== undefined && (environment.includes('{{') || allowed.includes(environment)))
  )
    return undefined;
  return environment === undefined
    ? `${slug} needs a target with an environment`
    : `${slug} may not be used on ${environment}`;
}

const defaults = { args: {}, preconditions: [], verifiers: [] };
const BRIEF_MS = 60_000;
const ENVIRONMENT = '{{ has(run.target.environment) ? run.target.environment : "" }}';

function beginning(step: ParsedStep, { slug, version, constraints }: Skill, digest: string): ParsedStep {
  const allowed = constraints.allowed_envs;
  const args: JsonObject = {
    skill: slug,
    version,
    digest,
    ...(allowed === undefined ? {} : { allowed, environment: ENVIRONMENT }),
  };
  const { title = step.id, preconditions, dependsOn = [] } = step;
  return {
    ...defaults,
    id: `${step.id}-begin`,
    title: `${title}: begin`,
    tool: 'skill',
    action: 'begin',
    args,
    preconditions,
    dependsOn,
    idempotent: true,
    readOnly: true,
    timeoutMs: BRIEF_MS,
  };
}

function ending(step: ParsedStep, skill: Skill, binding: Binding): ParsedStep {
  const outputs = bound(skill.outputs, binding);
  return {
    ...defaults,
    id: step.id,
    title: step.title ?? skill.name,
    ...(step.description === undefined ? {} : { description: step.description }),
    tool: 'skill',
    action: 'finish',
    args: { outputs },
    dependsOn: skill.steps.map(({ id }) => binding.stepId(id)),
    outputSchema: skill.outputSchema,
    verifiers: [
      ...(bound(skill.verifiers as unknown as JsonValue, binding) as unknown as ParsedStep['verifiers']),
      ...step.verifiers,
    ],
    idempotent: true,
    timeoutMs: limitOf(skill, undefined),
  };
}

/** A step without a limit of its own shares what the others leave with the rest; see `runtimeProblem`. */
export function limitOf(skill: Skill, own: Skill['steps'][number] | undefined): number {
  if (own?.timeoutMs !== undefined) return own.timeoutMs;
  const given = skill.steps.reduce(
    (sum, { timeoutMs = 0, retryPolicy }) => sum + timeoutMs * (retryPolicy?.maxAttempts ?? 1),
    0,
  );
  const without = skill.steps.filter(({ timeoutMs }) => timeoutMs === undefined);
  const shares = without.reduce((sum, { retryPolicy }) => sum + (retryPolicy?.maxAttempts ?? 1), 1);
  return Math.max(1, Math.floor((skill.constraints.max_runtime_ms - given) / shares));
}

type Undo = NonNullable<Skill['steps'][number]['rollback']>[number];

function boundStep(own: Skill['steps'][number], binding: Binding, begin: string, timeoutMs: number): JsonObject {
  const { id, dependsOn = [], if: _condition, forEach, ...rest } = own;
  const words = bound(rest as unknown as JsonObject, binding) as JsonObject;
  const each = forEach === undefined ? {} : { forEach: boundItems(forEach, binding) };
  const after = dependsOn.length === 0 ? [begin] : dependsOn.map((before) => binding.stepId(before));
  const { rollback } = rest;
  const undone = rollback === undefined ? {} : { rollback: rollback.map((undo) => boundUndo(undo, binding)) };
  return { ...words, ...each, ...undone, id: binding.stepId(id), dependsOn: after, timeoutMs };
}

/** Its own id and what it guards are names within its step, and stay; what else it takes back is a step of the skill. */
function boundUndo(undo: Undo, binding: Binding): JsonObject {
  const words = bound(undo as unknown as JsonObject, binding) as JsonObject;
  const { alsoUndoes } = undo;
  return alsoUndoes === undefined ? words : { ...words, alsoUndoes: alsoUndoes.map((id) => binding.stepId(id)) };
}

function boundItems(forEach: JsonValue, binding: Binding): JsonValue {
  if (typeof forEach === 'string') return boundExpression(bare(forEach), binding);
  const { items, limit } = forEach as { items: JsonValue; limit: JsonValue };
  return { items: typeof items === 'string' ? boundExpression(bare(items), binding) : bound(items, binding), limit };
}
