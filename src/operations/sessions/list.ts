import { z } from 'zod';
import { operation } from '../operation.js';
import { listSessions } from './store.js';
import { sessionView, shownSession } from './view.js';

export const listSessionsOperation = operation({
  name: 'sessions.list',
  summary: 'List sessions, the newest first, with how many runs each has and how many of those are open or failed.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    archived: z.enum(['no', 'only', 'all']).default('no'),
    text: z.string().max(200).optional().describe('Part of the name or of what it is for.'),
    limit: z.int().min(1).max(200).default(20),
    cursor: z.uuid().optional().describe('`next` of the page before.'),
  }),
  output: z.object({ sessions: z.array(sessionView), next: z.string().nullable() }),
  run: async (page, room) => {
    const rows = await room.database.door(room.org, (tx) =>
      listSessions(tx, room.org, { ...page, limit: page.limit + 1 }),
    );
    const shown = rows.slice(0, page.limit).map(shownSession);
    return { sessions: shown, next: rows.length > page.limit ? (shown.at(-1)?.sessionId ?? null) : null };
  },
});
