import { eventsAfter, type RunEvent, type Standing, standingOf } from '#execute/views/store.js';
import { hasEnded } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { type Bells, openBells } from './events/bells.js';
import { Patience } from './patience.js';
import type { Room } from './room.js';

export interface FollowOptions {
  /** Events after this one; default all. */
  readonly after?: number;
  /** Stops following without an error. */
  readonly signal?: AbortSignal;
  /** What to do when the run waits for a person; default: leave it. */
  readonly parked?: 'leave' | 'stay';
  /** Shared with other followers; otherwise it opens its own. */
  readonly bells?: Bells;
}

const POLL_MS = 1000;
const AT_ONCE = 500;
/** Whoever ended the run seals it next. When that failed, a sweep does it later: no reason to keep a follower. */
const SEAL_WITHIN_MS = 10_000;

/**
 * What happens in a run, as it is committed, in order and without gaps, until the run has ended and is sealed, or (unless
 * told to stay) waits for a person. Woken by the workers' notifications; a poll each second makes good a lost one.
 *
 * @throws OpsroomError NOT_FOUND; DATABASE_UNREACHABLE after two minutes
 */
export async function* followRun(room: Room, run: string, options: FollowOptions = {}): AsyncGenerator<RunEvent> {
  const { signal } = options;
  const stopped = () => signal?.aborted === true;
  const patience = new Patience(room.ports, signal);
  const bells = options.bells ?? (await openBells(room.database));
  const bell = bells.bell(run);
  let seq = options.after ?? 0;
  try {
    while (!stopped()) {
      const seen = await patience.look(() => look(room, run, seq));
      if (!seen) continue;
      for (const event of seen.events) {
        seq = event.seq;
        yield event;
      }
      if (seen.events.length === AT_ONCE) continue;
      if (isOver(seen.standing, options.parked)) return;
      await bell.wait(POLL_MS, signal);
    }
  } finally {
    bell.leave();
    if (options.bells === undefined) await bells.close();
  }
}

/** The standing is read first: the events are at least as new, so that none is missed when the run is over. */
async function look(room: Room, run: string, seq: number): Promise<{ standing: Standing; events: RunEvent[] }> {
  const standing = await readStanding(room, run);
  const events = await room.database.door(room.org, (tx) => eventsAfter(tx, room.org, run, seq, AT_ONCE));
  return { standing, events };
}

/** @throws OpsroomError NOT_FOUND */
export async function readStanding(room: Room, run: string): Promise<Standing> {
  const standing = await room.database.door(room.org, (tx) => standingOf(tx, room.org, run));
  if (!standing) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: run });
  return standing;
}

/** Only a person, or nothing at all, can move it: `paused`, or waiting without a time to wake. */
export function isParked({ status, wakeAt }: Pick<Standing, 'status' | 'wakeAt'>): boolean {
  return status === 'paused' || (status === 'waiting' && wakeAt === null);
}

function isOver(standing: Standing, parked: FollowOptions['parked'] = 'leave'): boolean {
  if (!hasEnded(standing.status)) return parked === 'leave' && isParked(standing);
  return standing.sealed || (standing.endedForMs ?? 0) > SEAL_WITHIN_MS;
}
