import { z } from 'zod';
import { newestEntries } from '#record/audit-store.js';
import { storedFilter } from '../audit/filter.js';
import { shownEntry } from '../audit/view.js';
import { operation } from '../operation.js';

export const aiAudit = operation({
  name: 'ai.audit',
  summary:
    'Read the audit log, the newest first: calls, questions, what was decided and done, and notes of agents (source `external`).',
  permission: 'audit:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    event: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('The event or its beginning: `call.`, `run.`, `external:gpt/`.'),
    actor: z.string().min(1).max(300).optional().describe('Whoever asked: `person:EMAIL`, `key:NAME`.'),
    before: z.int().min(0).optional().describe('`next` of the page before.'),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: z.object({
    entries: z.array(
      z.object({
        seq: z.int(),
        at: z.string(),
        source: z.enum(['room', 'external']),
        event: z.string(),
        actor: z.string(),
        outcome: z.string().nullable(),
        data: z.record(z.string(), z.json()),
      }),
    ),
    next: z.int().nullable(),
  }),
  run: ({ event: kind, actor, before, limit }, room) =>
    room.database.door(room.org, async (tx) => {
      const found = await newestEntries(tx, room.org, storedFilter({ kind, actor }), { before, limit });
      const entries = found.map(shownEntry).map(({ seq, at, source, kind: event, actor: who, outcome, data }) => ({
        seq,
        at,
        source,
        event,
        actor: who,
        outcome,
        data,
      }));
      const last = entries.at(-1);
      return { entries, next: entries.length === limit && last && last.seq > 0 ? last.seq : null };
    }),
});
