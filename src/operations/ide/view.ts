import { z } from 'zod';
import type { IdeSessionRow } from '#identity/ide-store.js';

export const ideSessionView = z.object({
  sessionId: z.string(),
  name: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** To the minute. */
  lastUsedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
});

export function shownIdeSession(row: IdeSessionRow): z.infer<typeof ideSessionView> {
  return {
    sessionId: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedBy: row.endedBy,
  };
}
