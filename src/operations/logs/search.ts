import { z } from 'zod';
import { decodeBody, recordsOf } from '#execute/logs/block.js';
import { readRecords } from '#execute/logs/record.js';
import type { AttemptId } from '#ir/calls.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { attemptAsked, chunkPages, ofAttempt } from './attempt.js';
import { errorFinder, type Finder, finder } from './find.js';

const MOST_FOUND = 1000;

export const searchLog = operation({
  name: 'runs.searchLog',
  summary: 'The numbers of the lines of one log that hold a text, or of the first that reads like an error.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    ...ofAttempt,
    /** In any case; colours are passed over. Without it, the first error is looked for. */
    text: z.string().min(1).max(500).optional(),
  }),
  output: z.object({
    found: z.array(z.int()),
    /** There may be more. */
    truncated: z.boolean(),
  }),
  run: async ({ text, ...asked }, room) => {
    const id = await attemptAsked(room, asked);
    const finding = text === undefined ? errorFinder() : finder(text, MOST_FOUND);
    await scan(room, id, finding);
    return { found: [...finding.found], truncated: text !== undefined && finding.found.length >= MOST_FOUND };
  },
});

/** Between chunks others get their turn: unpacking is asynchronous. */
async function scan(room: Room, id: AttemptId, finding: Finder): Promise<void> {
  for await (const chunks of chunkPages(room, id)) {
    for (const chunk of chunks) {
      const records = recordsOf(await decodeBody(chunk));
      for (const { number, stream, text } of readRecords(records, chunk.first_line)) {
        if (!finding.look(number, stream, text)) return;
      }
    }
  }
}
