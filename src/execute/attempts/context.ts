import { join } from 'node:path';
import type { AttemptId, CallContext } from '#ir/calls.js';
import type { IsolationLevel, Target } from '#ir/plan.js';
import type { Mask } from '#observe/redact.js';
import type { Unit } from '../decide/units.js';
import type { Ports } from '../ports.js';
import type { RunRow } from '../records.js';
import { idempotencyKey } from '../scope.js';

const DEFAULT_TIMEOUT_MS = 600_000;

/** How long a step may take, in milliseconds. */
export const timeoutOf = (unit: Unit): number => unit.step.timeoutMs ?? DEFAULT_TIMEOUT_MS;

/** What the attempt at hand is filed under. */
export function attemptId(run: RunRow, unit: Unit): AttemptId {
  const { org_id: org, id: runId, revision } = run;
  return { org, runId, stepId: unit.stepId, item: unit.item, revision, attempt: unit.attempt };
}

export interface ContextParts {
  readonly run: RunRow;
  readonly unit: Unit;
  readonly ports: Pick<Ports, 'stepEnv' | 'runFolders'>;
  readonly signal: AbortSignal;
  readonly log?: CallContext['log'];
  readonly mask?: Mask;
}

/** How what the step starts is kept apart from the machine. */
export const levelOf = ({ step }: Unit): IsolationLevel => step.sandbox?.level ?? 'none';

/** What a tool or verifier is given. A check is logged nowhere: what it saw is its evidence. */
export function callContext({ run, unit, ports, signal, log = () => undefined, mask }: ContextParts): CallContext {
  const key = idempotencyKey(run.id, unit, run.revision);
  const id = attemptId(run, unit);
  const { sandbox } = unit.step;
  return {
    id,
    idempotencyKey: key,
    workspace: run.workspace.path,
    // Made when they are asked for: most calls start no program.
    get runFolder() {
      return join(ports.runFolders, run.id);
    },
    get env() {
      return {
        ...ports.stepEnv,
        OPSROOM_RUN_ID: id.runId,
        OPSROOM_STEP_ID: id.stepId,
        OPSROOM_IDEMPOTENCY_KEY: key,
        OPSROOM_ATTEMPT: String(id.attempt),
      };
    },
    signal,
    timeoutMs: timeoutOf(unit),
    isolation: { level: levelOf(unit), network: sandbox ? sandbox.network : true },
    allowAddresses: (run.target as Target).allowAddresses ?? [],
    readOnly: unit.step.readOnly ?? false,
    answers: unit.answers ?? [],
    holdsSecret: (text) => mask !== undefined && mask.text(text) !== text,
    ...(mask === undefined ? {} : { shown: (value) => mask.json(value) }),
    log,
  };
}
