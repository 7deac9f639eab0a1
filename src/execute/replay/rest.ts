import type { Next } from '../decide/units.js';
import { finish, park, rollBack } from '../drive/closing.js';
import type { Memory } from '../drive/memory.js';
import type { RunEvent } from '../views/store.js';
import { subject } from './comparison.js';
import { Differs, lineWords } from './difference.js';
import type { RecordedRun } from './recorded.js';
import type { Segment } from './segment.js';

/** Parked by what a machine or a database was like, not by the run's rules. */
const OUTSIDE: ReadonlySet<string> = new Set(['REFUSED', 'TAKEOVERS']);
/** The decision to park came a moment before it was written down. */
const MOMENT_MS = 1000;

/**
 * A run comes to rest: it parks, rolls back or ends, as the rules say of the state that it is in.
 *
 * @returns false when no rule has a part in it
 * @throws Differs when something is still to be done, or the run was to go on
 */
export function atRestAnew(event: RunEvent, recorded: RecordedRun, segment: Segment): boolean {
  if (event.type === 'run.waiting' && OUTSIDE.has(String(Object(event.data)['code']))) return false;
  const { flow, offers } = segment;
  if (tookTooLong(event)) segment.failOvertime(event.at);
  offers.withdraw();
  // Twice at most: an expected output that is missing fails the run, and what follows is decided anew.
  for (let round = 0; round < 2; round++) {
    const next = restOf(event, segment);
    const { state } = flow;
    const stops = state.failure !== undefined || state.cancelling || state.pausing || state.hold !== undefined;
    const pending = offers.pending({ stops });
    if (pending !== undefined) throw unfinished(event, pending);
    if (next.kind === 'continue') throw unfinished(event, undefined);
    if (follow({ journal: segment.journal, flow }, next, recorded)) return true;
  }
  return true;
}

function restOf(event: RunEvent, { offers }: Segment): Next {
  const { next } = offers.decide(event.at.getTime());
  const isParked = event.type === 'run.waiting' || event.type === 'run.paused';
  return next.kind === 'continue' && next.wakeAt !== undefined && isParked
    ? offers.decide(event.at.getTime() - MOMENT_MS).next
    : next;
}

/** @returns false when it is to be decided anew */
function follow(memory: Memory, next: Exclude<Next, { kind: 'continue' }>, { plan }: RecordedRun): boolean {
  if (next.kind === 'rollback') rollBack(memory, next.cause);
  else if (next.kind === 'park') park(memory, next);
  else return finish(memory, plan, next.status) !== undefined;
  return true;
}

function tookTooLong({ type, data }: RunEvent): boolean {
  const { cause, error } = Object(data) as { readonly cause?: string; readonly error?: { readonly code: string } };
  // An older version did not write down why a run rolls back.
  if (type === 'run.rollback' && cause === 'failure' && !error) return true;
  return (type === 'run.rollback' || type === 'run.failed') && error?.code === 'RUN_TIMEOUT';
}

function unfinished(event: RunEvent, pending: string | undefined): Differs {
  const step = pending?.split('#')[0];
  const why =
    pending === undefined
      ? 'Steps of it are running or waiting at that point.'
      : `Step ${pending} is to be seen to first.`;
  const words = { recorded: lineWords(event), decided: 'the run goes on' };
  return new Differs({ ...subject({ step }), seq: event.seq, ...words, why });
}
