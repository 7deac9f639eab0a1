import { openQuestion } from '#execute/decide/asking.js';
import { latestAttempt } from '#execute/views/store.js';
import type { Question } from '#ir/question.js';
import type { Room } from '../room.js';

/** What the tool of a step asks now; undefined: nothing. */
export async function questionOf(
  room: Pick<Room, 'org' | 'database'>,
  run: string,
  { step, item = -1 }: { readonly step: string; readonly item?: number },
): Promise<Question | undefined> {
  const row = await room.database.door(room.org, (tx) => latestAttempt(tx, room.org, run, { step, item }));
  return row && openQuestion(row)?.asked.question;
}
