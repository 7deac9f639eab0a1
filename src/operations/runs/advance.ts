import { beatsOf, lastOutcome, restartOf } from '#execute/views/store.js';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { isParked, readStanding } from '../follow.js';
import type { Room } from '../room.js';
import type { OpenRoom } from '../wire.js';

const LOOK_MS = 100;
const RETRY_MS = 200;
/** A beat comes each fifteenth of a lease; one may be late. */
const BEATS_WATCHED = 2.5;
const BEATS_IN_LEASE = 15;

/**
 * Whether a worker lives that takes whatever this host may run. Rows may be left of dead ones, and clocks may differ: only
 * a beat that moves counts.
 */
export async function hasLiveWorker(room: Room, leaseMs: number): Promise<boolean> {
  const look = () => room.database.door(room.org, (tx) => beatsOf(tx, room.host));
  const before = await look();
  if (before.size === 0) return false;
  const { clock } = room.ports;
  const until = clock.monotonicMs() + Math.max(2000, (leaseMs / BEATS_IN_LEASE) * BEATS_WATCHED);
  while (clock.monotonicMs() < until) {
    await sleep(LOOK_MS);
    for (const [id, beats] of await look()) if (beats !== before.get(id)) return true;
  }
  return false;
}

export interface Driving {
  /** Resolves when the run has ended, waits for a person, or driving was stopped; rejects when its worker cannot go on. */
  readonly done: Promise<void>;
  /** Stops driving: what runs is ended as interrupted after `drainMs`, and the run given back. */
  stop(drainMs: number): Promise<void>;
}

/**
 * Executes one run in this process, as soon as its lane lets it go, and after the lease of a dead worker that still owns
 * it. Runs of others are left alone.
 */
export async function driveRun(open: OpenRoom, run: string): Promise<Driving> {
  const { room } = open;
  const worker = await open.startWorker('own', { runs: 1 });
  const stopping = new AbortController();
  const over = AbortSignal.any([stopping.signal, worker.failure]);
  const drive = async () => {
    while (!over.aborted) {
      await worker.advance({ org: room.org, run });
      // A database that is away for a while is no reason to give up.
      const standing = await readStanding(room, run).catch(() => undefined);
      if (standing && (hasEnded(standing.status) || isParked(standing))) return;
      await sleep(RETRY_MS, over);
    }
    worker.failure.throwIfAborted();
  };
  return {
    done: drive(),
    stop: async (drainMs) => {
      stopping.abort();
      await worker.drain(worker.failure.aborted ? 0 : drainMs);
    },
  };
}

/** The run that began in place of this one, which failed and whose plan says so. */
export async function restartedAs(room: Room, run: string): Promise<string | undefined> {
  return room.database.door(room.org, (tx) => restartOf(tx, room.org, run));
}

/**
 * What the owner of a run answered to the latest signal of an operation (`runs.KIND`): `applied`, `refused: WHY`, or
 * null while it has not, and for a run that had no owner to ask.
 */
export async function answerToSignal(
  room: Room,
  run: string,
  { name }: { readonly name: string },
): Promise<string | null> {
  const kind = name.slice(name.indexOf('.') + 1);
  return room.database.door(room.org, (tx) => lastOutcome(tx, room.org, run, kind));
}
