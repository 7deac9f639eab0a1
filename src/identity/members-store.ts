import type pg from 'pg';
import type { Member } from './people-store.js';
import type { Permission, Role } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** A member as others of the organisation see them. */
export interface MemberRow extends Member {
  readonly emailVerified: boolean;
  readonly since: Date;
  /** How many sign-ins they have, and when the newest began. */
  readonly signIns: number;
  readonly lastSignInAt: Date | null;
  /** Users of machines whom the command line knows to be them. */
  readonly machines: readonly string[];
  /** Their keys that open the room, by name. */
  readonly keys: readonly { readonly name: string; readonly scopes: readonly Permission[] }[];
}

const SHOWN = `m.org_id as org, p.id, p.name, p.email, m.role, m.listed, p.email_verified as "emailVerified", m.created_at as since,
    s.open as "signIns", s.last as "lastSignInAt",
    array(select substr(k.name, 6) from opsroom.known_as k where k.person_id = p.id and k.name like 'user:%' order by k.name) as machines,
    coalesce((select jsonb_agg(jsonb_build_object('name', a.name, 'scopes', a.scopes) order by a.name) from opsroom.api_keys a
      where a.org_id = m.org_id and a.person_id = p.id and a.revoked_at is null
        and (a.expires_at is null or a.expires_at > clock_timestamp())), '[]') as keys
  from opsroom.members m join opsroom.people p on p.id = m.person_id
  cross join lateral (select count(*)::int as open, max(created_at) as last from opsroom.sign_ins i
    where i.person_id = p.id and i.expires_at > clock_timestamp()) s`;

/** The owners first, then by e-mail; at most a thousand. */
export async function listMembers(sql: Sql, org: string): Promise<MemberRow[]> {
  const { rows } = await sql.query<MemberRow>(
    `select ${SHOWN} where m.org_id = $1
     order by array_position(array['owner', 'approver', 'operator', 'viewer'], m.role), p.email limit 1000`,
    [org],
  );
  return rows;
}

/** @param which an id or an e-mail */
export async function findMemberIn(sql: Sql, org: string, which: string): Promise<MemberRow | undefined> {
  const { rows } = await sql.query<MemberRow>(
    `select ${SHOWN} where m.org_id = $1 and (p.id::text = lower($2) or p.email = lower($2))`,
    [org, which],
  );
  return rows[0];
}

/** Until the transaction ends nobody else comes to or leaves the organisation: of two owners who remove each other, one wins. */
export async function lockMembers(tx: Sql, org: string): Promise<void> {
  await tx.query('select from opsroom.organisations where id = $1 for no key update', [org]);
}

export async function countOwners(tx: Sql, org: string): Promise<number> {
  const { rows } = await tx.query<{ owners: number }>(
    `select count(*)::int as owners from opsroom.members where org_id = $1 and role = 'owner'`,
    [org],
  );
  return rows[0]?.owners ?? 0;
}

/** A role that somebody here gave outlives the list of the environment. */
export async function saveRole(tx: Sql, org: string, personId: string, role: Role): Promise<void> {
  await tx.query('update opsroom.members set role = $3, listed = false where org_id = $1 and person_id = $2', [
    org,
    personId,
    role,
  ]);
}

/** With the owner links that were made for them. */
export async function deleteMember(tx: Sql, org: string, personId: string): Promise<void> {
  await tx.query('delete from opsroom.members where org_id = $1 and person_id = $2', [org, personId]);
  await tx.query('delete from opsroom.owner_links where org_id = $1 and person_id = $2 and used_at is null', [
    org,
    personId,
  ]);
}

/**
 * Revokes the keys of a person that may do more than they may from now on.
 * @param left what they may still do
 * @returns the names of those that opened the room until then; others had expired
 */
export async function revokeKeysBeyond(
  tx: Sql,
  { org, personId, left, by }: { org: string; personId: string; left: readonly Permission[]; by: string },
): Promise<string[]> {
  const { rows } = await tx.query<{ name: string; expired: boolean | null }>(
    `update opsroom.api_keys set revoked_at = clock_timestamp(), revoked_by = $4
     where org_id = $1 and person_id = $2 and revoked_at is null and not (scopes <@ $3::text[])
     returning name, expires_at <= clock_timestamp() as expired`,
    [org, personId, left, by],
  );
  return rows.flatMap(({ name, expired }) => (expired ? [] : [name])).sort();
}
