import type { Run, RunStep } from './data.js';

/** An event of a run as the stream tells it. */
export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
  readonly data: unknown;
  readonly at: string;
}

const STEP_STATUS: Readonly<Record<string, RunStep['status']>> = {
  'step.started': 'running',
  'step.waiting': 'waiting',
  'step.done': 'done',
  'step.skipped': 'skipped',
  'step.failed': 'failed',
  'step.retrying': 'retrying',
  'step.answered': 'retrying',
  'step.unknown': 'unknown',
  'step.interrupted': 'unknown',
  'step.cancelled': 'cancelled',
};
const OPEN = new Set<RunStep['status']>(['running', 'waiting']);

/**
 * The run as it is after these events, at once: what they do not tell (verdicts, items, what it waits for) is read from the room
 * right after. Events that are in the view already change nothing.
 */
export function applyEvents(run: Run, events: readonly RunEvent[]): Run {
  const fresh = events.filter(({ seq }) => seq > run.seq);
  const last = fresh.at(-1);
  if (last === undefined) return run;
  const byStep = new Map<string, RunEvent[]>();
  for (const event of fresh) {
    if (event.step === null || (event.item ?? -1) >= 0 || !(event.type in STEP_STATUS)) continue;
    byStep.set(event.step, [...(byStep.get(event.step) ?? []), event]);
  }
  const steps = run.steps.map((step) => (byStep.get(step.id) ?? []).reduce(applyToStep, step));
  const done = steps.filter(
    ({ id, status }) => !id.includes('/') && (status === 'done' || status === 'skipped'),
  ).length;
  return { ...run, seq: last.seq, steps, progress: { ...run.progress, done } };
}

function applyToStep(step: RunStep, { type, at, data, attempt }: RunEvent): RunStep {
  const status = STEP_STATUS[type] ?? step.status;
  const told = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof told[name] === 'string' ? told[name] : null);
  const again = status === 'running' && step.startedAt !== null;
  return {
    ...step,
    status,
    word: OPEN.has(status) ? null : (text('word') ?? step.word),
    attempts: Math.max(step.attempts, attempt ?? 0),
    startedAt: step.startedAt ?? at,
    endedAt: OPEN.has(status) ? null : at,
    wakeAt: status === 'retrying' ? text('at') : status === 'waiting' ? text('until') : null,
    tries: again ? [...triesOf(step), { status: 'running', startedAt: at, endedAt: null }] : closed(step, status, at),
  };
}

/** The attempts so far, one that stands alone written out. */
function triesOf({ tries, startedAt, endedAt }: RunStep): RunStep['tries'] {
  if (tries.length > 0 || startedAt === null) return tries;
  return [{ status: 'failed', startedAt, endedAt }];
}

function closed({ tries }: RunStep, status: RunStep['status'], at: string): RunStep['tries'] {
  const last = tries.at(-1);
  if (last === undefined || last.endedAt !== null || OPEN.has(status)) return tries;
  const kept = status === 'retrying' ? 'failed' : status === 'pending' ? 'cancelled' : status;
  return [...tries.slice(0, -1), { ...last, status: kept, endedAt: at }];
}
