import { z } from 'zod';
import type { MemberRow } from '#identity/members-store.js';
import { permissionsOf, ROLES, type Role } from '#identity/permissions.js';
import { principalOf } from '../people/audit.js';
import { canSignInBy } from '../people/profile.js';
import type { Room } from '../room.js';

export const memberView = z.object({
  memberId: z.string(),
  name: z.string(),
  /** Null: none was given yet, so there is no signing in by password. */
  email: z.string().nullable(),
  /** Whether a provider or somebody who may say so says that the e-mail is theirs. */
  emailVerified: z.boolean(),
  /** As runs and the audit log name them. */
  by: z.string(),
  role: z.enum(ROLES),
  /** Came in by OPSROOM_OAUTH_ALLOW, and stays while they stand there. */
  listed: z.boolean(),
  /** Users of machines whom the command line knows to be them, as `ada@build-1`. */
  machines: z.array(z.string()),
  /**
   * Their keys, each with the roles that it outlives: with another role it is revoked, since it may do more. None for who may not list
   * keys, and so gives no roles either.
   */
  keys: z.array(z.object({ name: z.string(), outlives: z.array(z.enum(ROLES)) })),
  since: z.string(),
  signIns: z.int(),
  lastSignInAt: z.string().nullable(),
});
export type MemberView = z.infer<typeof memberView>;

/** A member as doors show them to whoever the room stands for. */
export function shownMember(row: MemberRow, { permissions }: Pick<Room, 'permissions'>): MemberView {
  const { id, name, email, emailVerified, role, listed, machines, keys, since, signIns, lastSignInAt } = row;
  return {
    memberId: id,
    name,
    email: canSignInBy(email) ? email : null,
    emailVerified,
    by: principalOf(row),
    role,
    listed,
    machines: [...machines],
    keys: permissions?.has('room:admin') === false ? [] : keys.map(shownKey),
    since: since.toISOString(),
    signIns,
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}

const shownKey = (key: MemberRow['keys'][number]): MemberView['keys'][number] => ({
  name: key.name,
  outlives: ROLES.filter((one) => outlives(key, one)),
});

const outlives = ({ scopes }: MemberRow['keys'][number], role: Role): boolean =>
  scopes.every((scope) => permissionsOf(role).has(scope));
