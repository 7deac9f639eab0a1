import { z } from 'zod';
import { PERMISSIONS } from '#identity/permissions.js';
import type { ApiKeyRow } from '#identity/store.js';

export const keyView = z.object({
  keyId: z.string(),
  name: z.string(),
  /** How the key begins. */
  hint: z.string(),
  scopes: z.array(z.enum(PERMISSIONS)),
  /** The agent that it was made for; null: a program. */
  agent: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  /** To the minute. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  revokedBy: z.string().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

export function shownKey(row: ApiKeyRow): KeyView {
  return {
    keyId: row.id,
    name: row.name,
    hint: row.hint,
    scopes: [...row.scopes],
    agent: row.agent,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedBy,
  };
}
