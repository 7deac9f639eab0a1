import { approvalsOf, findIntent } from '#authorise/intents/store.js';
import type { Room } from '../room.js';
import { noSuchIntent } from './reference.js';
import { type IntentView, shownIntent } from './view.js';

/** An intent as it stands now. @throws OpsroomError NOT_FOUND */
export function lookAgain(room: Room, id: string): Promise<IntentView> {
  return room.database.door(room.org, async (tx) => {
    const row = await findIntent(tx, room.org, id);
    if (!row) throw noSuchIntent(id);
    const words = await approvalsOf(tx, room.org, [id]);
    return shownIntent(row, words.get(id) ?? [], room);
  });
}
