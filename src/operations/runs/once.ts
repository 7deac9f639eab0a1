import { z } from 'zod';
import { viewRun } from '#execute/views/store.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Room } from '../room.js';
import { claimKey, findClaim, type KeyedRequest } from './once-store.js';
import type { StartedRun } from './started.js';

/**
 * Starts a run at most once for a key of the asker's own: who asks again within a day, with the same key and for the same,
 * gets the run of the first time.
 *
 * @param asked the request without its key; empty where the key alone says what is asked for
 * @param start writes the run; with an id that is chosen beforehand when there is a key
 * @throws OpsroomError IDEMPOTENCY_KEY_REUSED for another request with the same key; what `start` throws
 */
export async function startedOnce(
  room: Room,
  key: string | undefined,
  asked: object,
  start: (chosen: () => Promise<string | undefined>) => Promise<StartedRun>,
): Promise<StartedRun> {
  return doneOnce(room, key === undefined ? undefined : { key, asked }, (id) => startedBefore(room, id), start);
}

/** The run of a key that was started with before, whatever was asked for with it. */
export const startedUnder = (room: Room, key: string): Promise<StartedRun | undefined> =>
  doneBefore(room, key, (id) => startedBefore(room, id));

/** @param what is made once: `run` */
export const idempotencyKey = (what: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'use 1 to 255 visible ASCII characters')
    .optional()
    .describe(
      `Of your own choice. Asking again within a day, with the same key and for the same, starts no second ${what}.`,
    );

/** A key of the asker's own, and the request without it; an empty one where the key alone says what is asked for. */
export interface Once {
  readonly key: string;
  readonly asked: object;
}

/**
 * Makes something that has an id at most once for a key. `done` finds it by the id that was chosen for it.
 * @param once undefined: it is made each time
 * @throws OpsroomError IDEMPOTENCY_KEY_REUSED for another request with the same key; what `done` and `make` throw
 */
export async function doneOnce<T>(
  room: Room,
  once: Once | undefined,
  done: (id: string) => Promise<T | undefined>,
  make: (chosen: () => Promise<string | undefined>) => Promise<T>,
): Promise<T> {
  if (once === undefined) return make(() => Promise.resolve(undefined));
  const { key, asked } = once;
  const digest = digestOf(asked);
  const request = { org: room.org, principal: room.by, key, digest };
  const known = await room.database.door(room.org, (tx) => findClaim(tx, request));
  if (known) refuseOther(known.digest, request);
  const earlier = known && (await done(known.runId));
  if (earlier !== undefined) return earlier;
  let id: string | undefined;
  try {
    return await make(async () => (id = await claim(room, request)));
  } catch (error) {
    // Whoever asked at the same time has the same id, and was faster.
    const others = id === undefined ? undefined : await done(id).catch(() => undefined);
    if (others !== undefined) return others;
    throw error;
  }
}

/** What was made with a key before, whatever was asked for with it. */
export async function doneBefore<T>(
  room: Room,
  key: string,
  done: (id: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const request = { org: room.org, principal: room.by, key };
  const known = await room.database.door(room.org, (tx) => findClaim(tx, request));
  return known && done(known.runId);
}

/** The id that what is made with this key has, or will have. */
async function claim(room: Room, request: KeyedRequest): Promise<string> {
  const mine = uuidv7(room.ports.clock.now().getTime());
  const { digest, runId } = await room.database.door(room.org, (tx) => claimKey(tx, request, mine));
  refuseOther(digest, request);
  return runId;
}

/** Stands for a request of which the key alone says what is asked for. */
const ANY = '';

const digestOf = (asked: object): string =>
  Object.keys(asked).length === 0 ? ANY : jsonDigest(JSON.parse(JSON.stringify(asked)) as JsonValue);

function refuseOther(digest: string, request: KeyedRequest): void {
  if (request.digest !== ANY && digest !== request.digest) throw new OpsroomError('IDEMPOTENCY_KEY_REUSED');
}

async function startedBefore(room: Room, id: string): Promise<StartedRun | undefined> {
  const run = await room.database.door(room.org, (tx) => viewRun(tx, room.org, id));
  if (!run) return undefined;
  return { runId: id, planDigest: run.plan_digest, title: run.plan.title, steps: run.plan.steps.length };
}
