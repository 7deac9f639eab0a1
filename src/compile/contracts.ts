import { z } from 'zod';
import { judgeCall } from '#ir/allowlist.js';
import type { ToolContract, VerifierContract } from '#ir/calls.js';
import { AFTER_FAILURE } from '#ir/guards.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, Precondition, RollbackStep, Step } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { hasTemplate } from '#ir/template.js';
import { type FormProblem, issueProblems } from './form.js';
import type { Skills } from './skills/expand.js';
import type { Path } from './yaml.js';

/** Tools by name; `get` may know more than are listed. */
export interface ToolContracts extends Iterable<readonly [string, ToolContract]> {
  get(name: string): ToolContract | undefined;
  keys(): Iterable<string>;
  values(): Iterable<ToolContract>;
}

/** What the compiler knows of the tools and verifiers of this room. */
export interface Contracts {
  readonly tools: ToolContracts;
  readonly verifiers: ReadonlyMap<string, VerifierContract>;
  knownPrecondition(name: string): boolean;
  /** Steps may use these; without it there are none. */
  readonly skills?: Skills;
}

/** Paths start at the step. */
export interface StepProblem extends FormProblem {
  readonly step: string;
}

const wait = z.union([
  z.strictObject({
    durationMs: z
      .int()
      .min(0)
      .max(31 * 86_400_000),
  }),
  z.strictObject({ until: z.iso.datetime({ offset: true }) }),
]);
const manual = z.strictObject({
  instructions: z.string().min(1),
  form: z.record(z.string(), z.json()).optional(),
  guards: z.array(z.string()).min(1).optional(),
  asks: z.union([z.enum(['always', AFTER_FAILURE]), z.strictObject({ unlessDone: z.string() })]).optional(),
});

/** The system actions that are built in, and the form of their arguments. */
export const SYSTEM_ACTIONS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['manual', manual],
  ['wait', wait],
]);
const LATER: ReadonlySet<string> = new Set(['notify', 'approval']);

/** Everything about the steps that the contracts can tell: names that do not exist, arguments that do not fit. */
export function contractProblems(plan: Plan, contracts: Contracts): StepProblem[] {
  return plan.steps.flatMap((step) => {
    const own = [...bodyProblems(step, contracts), ...listProblems(step, plan, contracts), ...duplicateProblems(step)];
    const undo = (step.rollback ?? []).flatMap((back, i) =>
      [...bodyProblems(back, contracts), ...listProblems(back, plan, contracts)].map((problem) => ({
        ...problem,
        path: ['rollback', i, ...problem.path],
      })),
    );
    return [...own, ...undo].map((problem) => ({ ...problem, step: step.id }));
  });
}

function bodyProblems(step: Step | RollbackStep, contracts: Contracts): FormProblem[] {
  return [
    ...callProblems(step, contracts),
    ...networkProblems(step),
    ...step.preconditions.flatMap((precondition, i) =>
      preconditionProblems(precondition, ['preconditions', i], contracts),
    ),
    ...step.verifiers.flatMap((verifier, i) =>
      configProblems(verifier.kind, verifier.config, ['verifiers', i], contracts),
    ),
  ];
}

/** A call that the plan's own list does not name would fail each time. What an expression decides is left to the run. */
function listProblems(step: Step | RollbackStep, { tools }: Plan, contracts: Contracts): FormProblem[] {
  if (tools === undefined || step.tool === undefined) return [];
  const call = contracts.tools.get(step.tool)?.callName?.(step.args) ?? step.tool;
  if (hasTemplate(call) || 'by' in judgeCall(call, [{ of: 'plan', tools }])) return [];
  return [
    { path: ['tool'], what: `the plan's own \`tools\` does not name ${call}`, mend: 'Add it there, if it is meant.' },
  ];
}

/** Only bubblewrap can keep a step off the network; at any other level the plan has to say that it is open. */
function networkProblems({ sandbox }: Step | RollbackStep): FormProblem[] {
  if (sandbox === undefined || sandbox.network || sandbox.level === 'bubblewrap') return [];
  const what = `the level ${sandbox.level} cannot keep the step off the network`;
  return [{ path: ['sandbox'], what, mend: 'Ask for `level: bubblewrap`, or say `network: true`.' }];
}

function callProblems(step: Step | RollbackStep, contracts: Contracts): FormProblem[] {
  if (step.kind === 'skill')
    return [
      {
        path: ['skill'],
        what: 'no skill can be used here',
        mend: 'Name a skill in a step of the plan itself: skill: NAME.',
      },
    ];
  if (step.kind === 'system') return systemProblems(step);
  if (step.tool === undefined)
    return [{ path: ['tool'], what: 'the step names no tool', mend: didYouMean('', [...contracts.tools.keys()]) }];
  const contract = contracts.tools.get(step.tool);
  if (contract === undefined)
    return [
      {
        path: ['tool'],
        what: `there is no tool "${step.tool}"`,
        mend: didYouMean(step.tool, [...contracts.tools.keys()]),
      },
    ];
  if (!contract.actions.includes(step.action)) {
    return [
      {
        path: ['action'],
        what: `the tool ${step.tool} has no action "${step.action}"`,
        mend: didYouMean(step.action, contract.actions),
      },
    ];
  }
  return valueProblems(contract.args, step.args, ['args']);
}

function systemProblems(step: Step | RollbackStep): FormProblem[] {
  if (step.tool !== undefined)
    return [{ path: ['tool'], what: 'a system step has no tool', mend: 'Leave out tool, or write kind: tool.' }];
  if (LATER.has(step.action)) return [notYet(step.action, ['action'])];
  const form = SYSTEM_ACTIONS.get(step.action);
  if (form !== undefined) return [...valueProblems(form, step.args, ['args']), ...unverifiable(step)];
  const actions = [...SYSTEM_ACTIONS.keys()];
  const what =
    step.action === 'run' ? 'the step says neither tool nor action' : `there is no system action "${step.action}"`;
  return [
    { path: ['action'], what, mend: `Name a tool, or ${actions.join(' or ')}. ${didYouMean(step.action, actions)}` },
  ];
}

/** A chain that shows such a step done shows no verdict for it, and would be refused for that by whoever checks it. */
function unverifiable(step: Step | RollbackStep): FormProblem[] {
  const fields = [
    ...(step.verifiers.length > 0 ? ['verifiers'] : []),
    ...(step.outputSchema === undefined ? [] : ['outputSchema']),
  ];
  return fields.map((field) => ({
    path: [field],
    what: `a ${step.action} step calls no tool, so there is nothing that ${field} could judge`,
    mend: 'Put the check into a step with a tool that depends on this one.',
  }));
}

function notYet(name: string, path: Path): FormProblem {
  return {
    path,
    what: `${name} steps are not available in this version`,
    mend: 'Use a tool, or a manual step in its place.',
  };
}

function preconditionProblems(precondition: Precondition, path: Path, contracts: Contracts): FormProblem[] {
  if (typeof precondition !== 'string') return configProblems(precondition.kind, precondition.config, path, contracts);
  if (contracts.knownPrecondition(precondition)) return [];
  const mend = 'Use one that docs/plans.md lists (docker_running, env:NAME, command:NAME, …), or an inline check.';
  return [{ path, what: `there is no precondition "${precondition}"`, mend }];
}

function configProblems(kind: string, config: JsonObject, path: Path, contracts: Contracts): FormProblem[] {
  const contract = contracts.verifiers.get(kind);
  if (contract === undefined)
    return [
      {
        path: [...path, 'kind'],
        what: `there is no verifier of kind "${kind}"`,
        mend: didYouMean(kind, [...contracts.verifiers.keys()]),
      },
    ];
  return valueProblems(contract.config, config, [...path, 'config']);
}

/**
 * What a schema finds wrong with a value whose expressions are not rendered yet: they count as anything, so an issue
 * at an expression, or at what holds one, is left to the run.
 */
function valueProblems(schema: z.ZodType, value: JsonObject, base: Path): FormProblem[] {
  const found = schema.safeParse(value);
  if (found.success) return [];
  const certain = found.error.issues.filter(
    (issue) => issue.code === 'unrecognized_keys' || !holdsTemplate(at(value, issue.path)),
  );
  return issueProblems(certain, () => fieldsOf(schema)).map((problem) => ({
    ...problem,
    path: [...base, ...problem.path],
  }));
}

function fieldsOf(schema: z.ZodType): readonly string[] | undefined {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined;
}

function at(value: JsonValue, path: readonly PropertyKey[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inside, part) => {
    if (inside === null || typeof inside !== 'object' || !Object.hasOwn(inside, part)) return undefined;
    return (inside as JsonObject)[String(part)];
  }, value);
}

function holdsTemplate(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return hasTemplate(value);
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsTemplate);
}

/** Ids that must differ within a step. */
function duplicateProblems(step: Step): FormProblem[] {
  const artefacts = step.artefacts?.map(({ name }) => name) ?? [];
  return [
    ...duplicates(
      step.verifiers.map(({ id }) => id),
      'verifiers',
      'verifier',
    ),
    ...duplicates(step.rollback?.map(({ id }) => id) ?? [], 'rollback', 'rollback step'),
    ...duplicates(artefacts, 'artefacts', 'artefact'),
  ];
}

function duplicates(ids: readonly string[], field: string, noun: string): FormProblem[] {
  const seen = new Set<string>();
  return ids.flatMap((id, i) => {
    if (!seen.has(id)) return seen.add(id) && [];
    return [{ path: [field, i], what: `two ${noun}s are called "${id}"`, mend: 'Give one of them another name.' }];
  });
}
