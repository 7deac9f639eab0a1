import { z } from 'zod';
import { readLog } from '#execute/logs/read.js';
import { tailStart } from '#execute/logs/store.js';
import { cleanText } from '#ir/clean.js';
import { operation } from '../operation.js';
import { attemptAsked, ofAttempt } from './attempt.js';
import { gapOf } from './store.js';

const MOST_LINES = 1000;
/** Longer ones are cut in the answer: the whole is in the download. */
const MOST_CHARACTERS = 8192;

const line = z.object({
  number: z.int(),
  stream: z.enum(['out', 'err', 'gap']),
  /** Of a gap: nothing. */
  text: z.string(),
  /** Of a gap: how many lines the cap dropped here. */
  dropped: z.int(),
  /** So many characters are left out at its end. */
  cut: z.int(),
});

export const logLines = operation({
  name: 'runs.logLines',
  summary: 'Lines of the log of one attempt by their numbers, however long the log is; secrets are masked.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    ...ofAttempt,
    /** The number of the first line, from 1. */
    from: z.int().min(1).default(1),
    limit: z.int().min(1).max(MOST_LINES).default(200),
  }),
  output: z.object({
    lines: z.array(line),
    /** How many lines there are so far, those included that the cap dropped. */
    total: z.int(),
    /** The lines that the cap dropped, in the middle. */
    gap: z.object({ from: z.int(), count: z.int() }).nullable(),
  }),
  run: async ({ from, limit, ...asked }, room) => {
    const id = await attemptAsked(room, asked);
    return room.database.door(room.org, async (tx) => {
      const entries = await readLog(tx, id, { fromLine: from, limit });
      const total = (await tailStart(tx, id, 0)) - 1;
      return { lines: entries.map(shown), total, gap: await gapOf(tx, id) };
    });
  },
});

function shown(entry: Awaited<ReturnType<typeof readLog>>[number]): z.infer<typeof line> {
  const { number, stream } = entry;
  if (stream === 'gap') return { number, stream, text: '', dropped: entry.dropped, cut: 0 };
  const cut = Math.max(0, entry.text.length - MOST_CHARACTERS);
  return {
    number,
    stream,
    text: cut === 0 ? entry.text : cleanText(entry.text.slice(0, MOST_CHARACTERS)),
    dropped: 0,
    cut,
  };
}
