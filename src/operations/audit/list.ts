import { z } from 'zod';
import { newestEntries, treeSize } from '#record/audit-store.js';
import { operation } from '../operation.js';
import { auditFilter, storedFilter } from './filter.js';
import { auditEntryView, shownEntry } from './view.js';

export const listAudit = operation({
  name: 'audit.list',
  summary: 'List entries of the audit log, the newest first: who did or asked what, from where, and how it ended.',
  permission: 'audit:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    ...auditFilter,
    before: z.int().min(0).optional().describe('Entries below this place: `next` of the page before.'),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({
    entries: z.array(auditEntryView),
    /** Where the next page begins; null at the end. */
    next: z.int().nullable(),
    /** How many entries the log has, those included that left for a file. */
    size: z.int(),
  }),
  run: ({ before, limit, ...filter }, room) =>
    room.database.door(room.org, async (tx) => {
      const size = await treeSize(tx, room.org);
      const found = await newestEntries(tx, room.org, storedFilter(filter), { before, limit });
      const last = found.at(-1);
      const next = found.length === limit && last && last.entry.seq > 0 ? last.entry.seq : null;
      return { entries: found.map(shownEntry), next, size };
    }),
});
