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
  if (key === undefined) return start(() => Promise.resolve(undefined));
  const digest = jsonDigest(JSON.parse(JSON.stringify(asked)) as JsonValue);
  const request = { org: room.org, principal: room.by, key, digest };
  const known = await room.database.door(room.org, (tx) => findClaim(tx, request));
  if (known) refuseOther(known.digest, request);
  const earlier = known && (await startedBefore(room, known.runId));
  if (earlier) return earlier;
  let runId: string | undefined;
  try {
    return await start(async () => (runId = await claim(room, request)));
  } catch (error) {
    // Whoever asked at the same time has the same id, and was faster.
    const others = runId === undefined ? undefined : await startedBefore(room, runId).catch(() => undefined);
    if (others) return others;
    throw error;
  }
}

/** The run that was started with a key within the last day, whatever was asked for with it. */
export async function startedUnder(room: Room, key: string): Promise<StartedRun | undefined> {
  const request = { org: room.org, principal: room.by, key };
  const known = await room.database.door(room.org, (tx) => findClaim(tx, request));
  return known && startedBefore(room, known.runId);
}

/** The id that the run of this key has, or will have. */
async function claim(room: Room, request: KeyedRequest): Promise<string> {
  const mine = uuidv7(room.ports.clock.now().getTime());
  const { digest, runId } = await room.database.door(room.org, (tx) => claimKey(tx, request, mine));
  refuseOther(digest, request);
  return runId;
}

function refuseOther(digest: string, request: KeyedRequest): void {
  if (digest !== request.digest) throw new OpsroomError('IDEMPOTENCY_KEY_REUSED');
}

async function startedBefore(room: Room, id: string): Promise<StartedRun | undefined> {
  const run = await room.database.door(room.org, (tx) => viewRun(tx, room.org, id));
  if (!run) return undefined;
  return { runId: id, planDigest: run.plan_digest, title: run.plan.title, steps: run.plan.steps.length };
}
