import { decodeBody, recordsOf } from '#execute/logs/block.js';
import { readRecords } from '#execute/logs/record.js';
import type { AttemptId } from '#ir/calls.js';
import type { Room } from '../room.js';
import { chunkPages } from './attempt.js';

/** A whole log as text, chunk by chunk, as it is stored: secrets masked, a line in brackets where the cap dropped some. */
export async function* logText(room: Room, id: AttemptId): AsyncGenerator<string> {
  let next = 1;
  for await (const chunks of chunkPages(room, id)) {
    for (const chunk of chunks) {
      const dropped = chunk.first_line - next;
      if (dropped > 0) yield `[${dropped} lines were dropped here]\n`;
      const records = recordsOf(await decodeBody(chunk));
      let text = '';
      for (const line of readRecords(records, chunk.first_line)) text += line.ended ? `${line.text}\n` : line.text;
      yield text;
      next = chunk.first_line + chunk.lines;
    }
  }
}
