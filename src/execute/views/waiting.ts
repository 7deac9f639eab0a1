import type { Held } from '../ports.js';
import type { Parked } from '../records.js';
import type { QueueFacts, ViewedRun } from './store.js';

/** Why a run does not move, and what to do about it. */
export interface Hold {
  readonly code:
    | Parked['code']
    | 'NOT_BEFORE'
    | 'KEY_HELD'
    | 'USER_LIMIT'
    | 'LANE_FULL'
    | 'NO_WORKER'
    | 'NEXT'
    | 'RATE';
  readonly what: string;
  readonly mend: string;
  readonly step?: string;
  readonly item?: number;
}

type Run = Pick<ViewedRun, 'status' | 'parked' | 'not_before' | 'concurrency_key' | 'lane' | 'host' | 'requested_by'>;

/** What holds up a run that is queued, released or parked; undefined when nothing does. */
export function holdOf(run: Run, facts: QueueFacts, nowMs: number): Hold | undefined {
  if (run.parked) return run.parked;
  if (run.status === 'queued') return queuedHold(run, facts, nowMs);
  return run.status === 'released' ? releasedHold(run, facts) : undefined;
}

function queuedHold(run: Run, facts: QueueFacts, nowMs: number): Hold {
  if (run.not_before && run.not_before.getTime() > nowMs) {
    return { code: 'NOT_BEFORE', what: `It starts at ${run.not_before.toISOString()}.`, mend: 'Nothing to do.' };
  }
  if (facts.keyHolder) {
    const what = `Its concurrency key "${run.concurrency_key}" is held by run ${facts.keyHolder}.`;
    return { code: 'KEY_HELD', what, mend: `Wait for it, or see \`opsroom show ${facts.keyHolder}\`.` };
  }
  if (facts.userUsed >= facts.userCap) {
    const what = `${run.requested_by} has ${facts.userUsed} runs at work, the limit of ${facts.userCap}.`;
    return { code: 'USER_LIMIT', what, mend: 'Wait for one to end, or cancel one.' };
  }
  if (facts.laneUsed >= facts.laneWidth) {
    const what = `Lane ${run.lane} is full: ${facts.laneUsed} of ${facts.laneWidth}.`;
    return { code: 'LANE_FULL', what, mend: 'Wait, or submit it to another lane with --lane.' };
  }
  return { code: 'NEXT', what: 'It is next in its lane.', mend: 'Nothing to do.' };
}

/** A worker that beats takes it at once, unless it cannot write: a full disk lets beats through for long. */
const TAKEN_SOON = 'Nothing to do; if it stays so, see `opsroom doctor`.';

function releasedHold({ host }: Run, { workers }: QueueFacts): Hold {
  if (workers > 0) return { code: 'NEXT', what: 'A worker is about to take it.', mend: TAKEN_SOON };
  return {
    code: 'NO_WORKER',
    what: host === null ? 'There is no worker.' : `There is no worker on host ${host}.`,
    mend: 'Start one with `opsroom start`, or go on here with `opsroom resume RUN`.',
  };
}

/** Why nothing of a run gets on though its steps run: rates hold back the calls of all of them. */
export function rateHoldOf(
  steps: readonly { readonly id: string; readonly status: string }[],
  held: ReadonlyMap<string, Held>,
): Hold | undefined {
  const running = steps.filter(({ status }) => status === 'running');
  const [first] = running;
  const by = first && held.get(first.id);
  return by && running.every(({ id }) => held.has(id)) ? rateHold(first.id, by) : undefined;
}

function rateHold(step: string, { limit, perSecond, until }: Held): Hold {
  const name = limit.replace(/^tool:/, '');
  return {
    code: 'RATE',
    what: `${name} may be called ${rateText(perSecond)}, by all steps of the organisation together; the next call may be made about ${until}.`,
    mend: `It goes on by itself. Another rate: \`opsroom limits --rate ${limit}=N/m\`.`,
    step,
  };
}

/** `10 a second`, `30 a minute`, `2 an hour`: in the largest whole number. */
function rateText(perSecond: number): string {
  if (perSecond >= 1) return `${rounded(perSecond)} times a second`;
  return perSecond * 60 >= 1
    ? `${rounded(perSecond * 60)} times a minute`
    : `${rounded(perSecond * 3600)} times an hour`;
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);
