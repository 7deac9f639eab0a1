import { z } from 'zod';
import { MOST_COUNTED, type SessionRow } from './store.js';

export const sessionView = z.object({
  sessionId: z.string(),
  name: z.string(),
  /** What it is for, in the words of whoever began it. */
  intent: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  archivedAt: z.string().nullable(),
  archivedBy: z.string().nullable(),
  /** What its runs may call, and nothing else; null: whatever the room has. */
  allowedTools: z.array(z.string()).nullable(),
  /** Of its latest thousand runs; `more`: there are others. */
  runs: z.object({ total: z.int(), more: z.boolean(), open: z.int(), failed: z.int() }),
  lastRunAt: z.string().nullable(),
});
export type SessionView = z.infer<typeof sessionView>;

export function shownSession(row: SessionRow): SessionView {
  return {
    sessionId: row.id,
    name: row.name,
    intent: row.intent,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
    archivedBy: row.archivedBy,
    allowedTools: row.allowedTools && [...row.allowedTools],
    runs: {
      total: Math.min(row.runs, MOST_COUNTED),
      more: row.runs > MOST_COUNTED,
      open: row.open,
      failed: row.failed,
    },
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
  };
}
