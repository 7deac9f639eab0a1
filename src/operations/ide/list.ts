import { z } from 'zod';
import { listIdeSessions, readIdeApprovals } from '#identity/ide-store.js';
import { operation } from '../operation.js';
import { ideSessionView, shownIdeSession } from './view.js';

export const listIdeSessionsOperation = operation({
  name: 'ide.list',
  summary: 'List the sessions of your own editors, the newest first, and whether the organisation allows them.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({
    /** Whether people may approve from their editors. */
    allowed: z.boolean(),
    sessions: z.array(ideSessionView),
  }),
  run: (_, { org, database, principal }) =>
    database.door(org, async (tx) => {
      const rows = principal.person === undefined ? [] : await listIdeSessions(tx, org, principal.person);
      return { allowed: await readIdeApprovals(tx, org), sessions: rows.map(shownIdeSession) };
    }),
});
