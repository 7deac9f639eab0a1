import { z } from 'zod';
import { findRunIds, type ViewedRun, viewRun } from '#execute/views/store.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';

/**
 * How people name a run: its id, `last`, or at least four hexadecimal digits that occur in the id of one run only. Ids
 * begin with the time, so the digits at their end tell runs apart; `shortId` shows eight of those.
 */
export const runReference = z
  .string()
  .regex(/^(last|[0-9a-fA-F-]{4,36})$/, 'name a run by its id, by at least four hexadecimal digits of it, or as "last"')
  .describe('The id of the run, at least four digits of it, or "last".');

/** What is shown for a run's id, and accepted again: the last eight digits. */
export const shortId = (id: string): string => id.slice(-8);

/**
 * The id behind a reference, as far as the room's organisation may see it.
 * @throws OpsroomError NOT_FOUND; USAGE when several runs fit
 */
export async function resolveRun(room: Room, reference: string): Promise<string> {
  const part = reference === 'last' ? undefined : reference.toLowerCase().replaceAll('-', '');
  const ids = await room.database.door(room.org, (tx) => findRunIds(tx, room.org, part));
  const [id, ...others] = ids;
  if (id === undefined) {
    const what = reference === 'last' ? 'There is no run yet.' : 'There is no such run.';
    throw new OpsroomError('NOT_FOUND', { what, where: reference });
  }
  if (others.length > 0) {
    const what = `Several runs have "${reference}" in their id: ${ids.map(shortId).join(', ')}${ids.length > 4 ? ', …' : ''}.`;
    throw new OpsroomError('USAGE', { what, mend: 'Give more digits; the last ones tell runs apart.' });
  }
  return id;
}

/** The run behind a reference. @throws as `resolveRun` */
export async function readRun(room: Room, reference: string): Promise<ViewedRun> {
  const id = await resolveRun(room, reference);
  const run = await room.database.door(room.org, (tx) => viewRun(tx, room.org, id));
  if (!run) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: reference });
  return run;
}
