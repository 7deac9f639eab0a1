import type pg from 'pg';
import type { Role } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** An invitation as it is shown: its link is not kept. */
export interface InvitationRow {
  readonly id: string;
  /** Whom it is for; null: whoever has the link. */
  readonly email: string | null;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** By the database's clock. */
  readonly expired: boolean;
  readonly acceptedAt: Date | null;
  readonly acceptedBy: string | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** An invitation, and where it leads. */
export interface FoundInvitation extends InvitationRow {
  readonly org: string;
  /** Id of the person who made it, or whose key or machine did; null: of nobody who has come. */
  readonly personId: string | null;
  readonly orgName: string;
}

const SHOWN = `i.id, i.email, i.role, i.created_by as "createdBy", i.created_at as "createdAt", i.expires_at as "expiresAt",
  i.expires_at <= clock_timestamp() as expired, i.accepted_at as "acceptedAt", i.accepted_by as "acceptedBy",
  i.revoked_at as "revokedAt", i.revoked_by as "revokedBy"`;
const OPEN = 'i.accepted_at is null and i.revoked_at is null and i.expires_at > clock_timestamp()';
const FOUND = `${SHOWN}, i.org_id as org, i.person_id as "personId", o.name as "orgName" from opsroom.invitations i join opsroom.organisations o on o.id = i.org_id`;

export interface NewInvitation {
  readonly org: string;
  readonly id: string;
  readonly hash: Buffer;
  readonly email: string | null;
  readonly role: Role;
  readonly by: string;
  readonly person: string | null;
  readonly hours: number;
}

/** Takes the place of one that waits for the same e-mail. */
export async function insertInvitation(tx: Sql, made: NewInvitation): Promise<InvitationRow | undefined> {
  const { org, id, hash, email, role, by, person, hours } = made;
  await tx.query(
    `update opsroom.invitations set revoked_at = clock_timestamp(), revoked_by = $3
     where org_id = $1 and email = $2 and accepted_at is null and revoked_at is null`,
    [org, email, by],
  );
  const { rows } = await tx.query<InvitationRow>(
    `insert into opsroom.invitations as i (org_id, id, hash, email, role, created_by, person_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(hours => $8)) returning ${SHOWN}`,
    [org, id, hash, email, role, by, person, hours],
  );
  return rows[0];
}

/** Those that wait first, then the newest; at most 200. */
export async function listInvitations(sql: Sql, org: string): Promise<InvitationRow[]> {
  const { rows } = await sql.query<InvitationRow>(
    `select ${SHOWN} from opsroom.invitations i where i.org_id = $1 order by (${OPEN}) desc, i.created_at desc, i.id limit 200`,
    [org],
  );
  return rows;
}

/** The invitation of a link, whichever organisation it is of; used or not. Asked as the tables' owner. */
export async function findInvitation(owner: Sql, hash: Buffer): Promise<FoundInvitation | undefined> {
  const { rows } = await owner.query<FoundInvitation>(`select ${FOUND} where i.hash = $1`, [hash]);
  return rows[0];
}

/** What waits for somebody with this e-mail, in all organisations. */
export async function invitationsFor(owner: Sql, email: string): Promise<FoundInvitation[]> {
  const { rows } = await owner.query<FoundInvitation>(
    `select ${FOUND} where i.email = $1 and ${OPEN} order by i.created_at, i.id`,
    [email.toLowerCase()],
  );
  return rows;
}

/** Uses an invitation up. Of several who ask at once, one gets true. */
export async function acceptInvitation(tx: Sql, { org, id }: FoundInvitation, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.invitations i set accepted_at = clock_timestamp(), accepted_by = $3
     where i.org_id = $1 and i.id = $2 and ${OPEN}`,
    [org, id, by],
  );
  return rowCount === 1;
}

/** `isNew`: it was this call that ended it. */
export type RevokedInvitation = InvitationRow & { readonly isNew: boolean };

/** Ends an invitation that waits; one that is over is left as it was. @param which its id, or the e-mail that it waits for */
export async function revokeInvitation(
  tx: Sql,
  org: string,
  which: string,
  by: string,
): Promise<RevokedInvitation | undefined> {
  const { rows } = await tx.query<RevokedInvitation>(
    `with meant as (
       select id as meant_id, accepted_at is null and revoked_at is null as is_new from opsroom.invitations
       where org_id = $1 and (id::text = lower($2) or (email = lower($2) and accepted_at is null and revoked_at is null))
       order by id::text = lower($2) desc limit 1 for update)
     update opsroom.invitations i set revoked_at = case when is_new then clock_timestamp() else revoked_at end,
       revoked_by = case when is_new then $3 else revoked_by end
     from meant where i.org_id = $1 and i.id = meant_id returning ${SHOWN}, is_new as "isNew"`,
    [org, which, by],
  );
  return rows[0];
}

/** Ends what somebody who leaves has invited to. */
export async function revokeInvitationsOf(tx: Sql, org: string, personId: string, by: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update opsroom.invitations set revoked_at = clock_timestamp(), revoked_by = $3
     where org_id = $1 and person_id = $2 and accepted_at is null and revoked_at is null`,
    [org, personId, by],
  );
  return rowCount ?? 0;
}
