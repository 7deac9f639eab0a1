import type { RunField } from '#ir/cel-language.js';
import { parseExpression, type Reference } from '#ir/cel-parse.js';
import { expectedOutputsOf } from '#ir/expected-outputs.js';
import { bareExpression, needsOutput, type Scope, type StepView } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { parseTemplate } from '#ir/template.js';
import type { Unit } from './decide/units.js';
import type { RunRow } from './records.js';

/** The same for every attempt, so that the far side can tell a repetition from a second wish. */
export const idempotencyKey = (runId: string, unit: Pick<Unit, 'stepId' | 'item'>, revision: number): string =>
  `${runId}:${unit.stepId}:${unit.item}:${revision}`;

/** What stands for a secret wherever arguments are stored or shown. */
export const secretMark = (name: string): string => `‹secret:${name}›`;

export interface Reads {
  /** Steps whose outputs some expression reads; the outputs of all others need not stay in memory. */
  readonly steps: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

const known = new WeakMap<Plan, Reads>();

/** What the expressions of a compiled plan read. Found once for each plan: many runs may be of the same. */
export function readsOf(plan: Plan): Reads {
  let reads = known.get(plan);
  if (!reads) {
    reads = findReads(plan);
    known.set(plan, reads);
  }
  return reads;
}

function findReads(plan: Plan): Reads {
  const reads = { steps: new Set<string>(), secrets: new Set<string>() };
  for (const step of plan.steps) {
    if (step.if !== undefined) note(parseExpression(bareExpression(step.if)).references, reads);
    if (typeof step.forEach?.items === 'string')
      note(parseExpression(bareExpression(step.forEach.items)).references, reads);
    noteAll(step as unknown as JsonObject, reads);
    if ((step.rollback ?? []).some(readsUndone)) reads.steps.add(step.id);
  }
  noteAll(plan.expectedOutputs, reads);
  for (const expected of expectedOutputsOf(plan))
    if (expected.form === 'schema') for (const id of expected.steps) reads.steps.add(id);
  return reads;
}

/** The secrets that a step is given; what undoes it is a step of its own. */
export function secretsOf(step: Step | RollbackStep): ReadonlySet<string> {
  const reads = { steps: new Set<string>(), secrets: new Set<string>() };
  for (const [member, value] of Object.entries(step)) if (member !== 'rollback') noteAll(value as JsonValue, reads);
  return reads.secrets;
}

/** In the arguments of a compensation, `output` is that of the step it undoes. */
function readsUndone({ args, preconditions }: RollbackStep): boolean {
  return needsOutput({ config: { args, preconditions } as unknown as JsonObject });
}

function noteAll(value: JsonValue | undefined, reads: { steps: Set<string>; secrets: Set<string> }): void {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return;
    for (const part of parseTemplate(value))
      if (part.type === 'expression') note(parseExpression(part.source).references, reads);
  } else if (value !== null && typeof value === 'object') {
    for (const member of Object.values(value)) noteAll(member, reads);
  }
}

function note(references: readonly Reference[], reads: { steps: Set<string>; secrets: Set<string> }): void {
  for (const { path } of references) {
    const [root, name] = path;
    if (root === 'steps' && name !== undefined) reads.steps.add(name);
    if (root === 'secrets' && name !== undefined) reads.secrets.add(name);
  }
}

/** What expressions of a run see, apart from the step at hand. Outputs are added as steps settle. */
export class RunScope {
  private readonly views = new Map<string, StepView>();
  private readonly marks: Readonly<Record<string, string>>;
  private readonly facts: Readonly<Record<RunField, JsonValue>>;

  constructor(
    plan: Plan,
    private readonly run: Pick<RunRow, 'id' | 'plan_digest' | 'inputs' | 'started_at' | 'requested_by' | 'target'>,
    private readonly env: Readonly<Record<string, string>>,
    private readonly reads: Reads,
  ) {
    this.marks = Object.fromEntries([...reads.secrets].map((name) => [name, secretMark(name)]));
    this.facts = {
      id: run.id,
      planDigest: run.plan_digest,
      startedAt: run.started_at?.toISOString() ?? '',
      requestedBy: run.requested_by,
      target: run.target,
      title: plan.title,
    };
  }

  settle(stepId: string, status: string, output: JsonValue): void {
    if (this.reads.steps.has(stepId)) this.views.set(stepId, { status, output });
  }

  outputOf(stepId: string): JsonValue | undefined {
    return this.views.get(stepId)?.output;
  }

  /** Without `secrets` given, their marks stand in: the form that may be stored and shown. */
  at(
    unit: Unit | undefined,
    more: {
      secrets?: Readonly<Record<string, string>> | undefined;
      output?: JsonValue | undefined;
      startedAt?: Date | undefined;
      element?: JsonValue;
      revision: number;
    },
  ): Scope {
    // By hand: a scope is made several times for each step, and most are read by no expression.
    const scope: { -readonly [K in keyof Scope]: Scope[K] } = {
      inputs: this.run.inputs,
      steps: this.views,
      env: this.env,
      secrets: more.secrets ?? this.marks,
      run: this.facts,
    };
    if (more.output !== undefined) scope.output = more.output;
    if (!unit) return scope;
    scope.step = this.stepFacts(unit, more.revision, more.startedAt);
    if (unit.item < 0) return scope;
    scope.item = more.element ?? null;
    scope.index = unit.item;
    return scope;
  }

  private stepFacts(unit: Unit, revision: number, startedAt: Date | undefined): JsonObject {
    const key = idempotencyKey(this.run.id, unit, revision);
    const facts: JsonObject = { id: unit.stepId, key, attempt: Math.max(1, unit.attempt) };
    if (startedAt) facts['startedAt'] = startedAt.toISOString();
    return facts;
  }
}
