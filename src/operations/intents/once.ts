import { findIntent } from '#authorise/intents/store.js';
import { sha256 } from '#ir/digest.js';
import { denied } from '../authority/gate.js';
import type { Room } from '../room.js';
import { doneBefore, doneOnce } from '../runs/once.js';
import { shortId } from '../runs/reference.js';

/** A run of the same key is another matter. No key of an asker has a space. */
const keyOf = (key: string): string => `intent ${sha256(key)}`;

/**
 * Proposes at most once for a key of the asker's own, as `startedOnce` starts.
 *
 * @param asked the request without its key; empty where the key alone says what is asked for
 * @param propose writes the intent; with an id that is chosen beforehand when there is a key
 * @returns the id of the intent
 * @throws OpsroomError IDEMPOTENCY_KEY_REUSED; DENIED again where policy denied it; what `propose` throws
 */
export function proposedOnce(
  room: Room,
  key: string | undefined,
  asked: object,
  propose: (chosen: () => Promise<string | undefined>) => Promise<string>,
): Promise<string> {
  const once = key === undefined ? undefined : { key: keyOf(key), asked };
  return doneOnce(room, once, (id) => proposed(room, id), propose);
}

/** The intent of a key that was proposed with before, whatever was asked for with it. */
export const proposedBefore = (room: Room, key: string): Promise<string | undefined> =>
  doneBefore(room, keyOf(key), (id) => proposed(room, id));

async function proposed(room: Room, id: string): Promise<string | undefined> {
  const intent = await room.database.door(room.org, (tx) => findIntent(tx, room.org, id));
  if (intent?.status !== 'denied' || intent.decision.effect !== 'deny') return intent?.id;
  throw denied(intent.decision, `intent ${shortId(id)}`);
}
