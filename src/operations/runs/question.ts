import { questionIn } from '#execute/views/steps.js';
import { latestAttempt } from '#execute/views/store.js';
import type { QuestionOfStep } from '#ir/question.js';
import type { Room } from '../room.js';

/** What the tool of a step asks now; undefined: nothing. */
export async function questionOf(
  room: Pick<Room, 'org' | 'database'>,
  run: string,
  { step, item = -1 }: { readonly step: string; readonly item?: number },
): Promise<QuestionOfStep | undefined> {
  const row = await room.database.door(room.org, (tx) => latestAttempt(tx, room.org, run, { step, item }));
  return row && questionIn(row);
}
