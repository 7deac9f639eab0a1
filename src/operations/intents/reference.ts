import { z } from 'zod';
import type { IntentRow } from '#authorise/intents/records.js';
import { findIntent, findIntentIds } from '#authorise/intents/store.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { shortId } from '../runs/reference.js';

/** How people name an intent: as they name a run. */
export const intentReference = z
  .string()
  .regex(
    /^(last|[0-9a-fA-F-]{4,36})$/,
    'name an intent by its id, by at least four hexadecimal digits of it, or as "last"',
  )
  .describe('The id of the intent, at least four digits of it, or "last".');

/** @param where the id, or what else it was named by */
export function noSuchIntent(where: string): OpsroomError {
  const mend = 'List them: `opsroom intents`.';
  return new OpsroomError('NOT_FOUND', { what: 'There is no such intent.', where, mend });
}

/** The intent behind a reference, as far as the room's organisation may see it. @throws OpsroomError NOT_FOUND; USAGE when several fit */
export async function readIntent(room: Room, reference: string): Promise<IntentRow> {
  const part = reference === 'last' ? undefined : reference.toLowerCase().replaceAll('-', '');
  const { ids, intent } = await room.database.door(room.org, async (tx) => {
    const found = await findIntentIds(tx, room.org, part);
    const [id] = found;
    return { ids: found, intent: id === undefined ? undefined : await findIntent(tx, room.org, id) };
  });
  if (ids.length > 1) {
    const what = `Several intents have "${reference}" in their id: ${ids.map(shortId).join(', ')}.`;
    throw new OpsroomError('USAGE', { what, mend: 'Give more digits; the last ones tell intents apart.' });
  }
  if (intent) return intent;
  if (reference !== 'last') throw noSuchIntent(reference);
  const mend = 'Ask for something: `opsroom propose PLAN`.';
  throw new OpsroomError('NOT_FOUND', { what: 'There is no intent yet.', where: reference, mend });
}
