import { z } from 'zod';
import type { InvitationRow } from '#identity/invitations-store.js';
import { ROLES } from '#identity/permissions.js';

const STATES = ['waiting', 'accepted', 'revoked', 'expired'] as const;

export const invitationView = z.object({
  invitationId: z.string(),
  /** Null: for whoever has the link. */
  email: z.string().nullable(),
  role: z.enum(ROLES),
  state: z.enum(STATES),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  acceptedAt: z.string().nullable(),
  acceptedBy: z.string().nullable(),
  revokedAt: z.string().nullable(),
  revokedBy: z.string().nullable(),
});
export type InvitationView = z.infer<typeof invitationView>;

export function shownInvitation(row: InvitationRow): InvitationView {
  return {
    invitationId: row.id,
    email: row.email,
    role: row.role,
    state: stateOf(row),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    acceptedAt: row.acceptedAt?.toISOString() ?? null,
    acceptedBy: row.acceptedBy,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedBy,
  };
}

/** What has become of an invitation. */
export function stateOf(row: Pick<InvitationRow, 'acceptedAt' | 'revokedAt' | 'expired'>): (typeof STATES)[number] {
  if (row.acceptedAt !== null) return 'accepted';
  if (row.revokedAt !== null) return 'revoked';
  return row.expired ? 'expired' : 'waiting';
}
