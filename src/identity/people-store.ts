import type pg from 'pg';
import type { Role } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface Member {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

const MEMBER = `m.org_id as org, p.id, p.name, p.email, m.role
  from opsroom.members m join opsroom.people p on p.id = m.person_id`;

/**
 * What a person is, in the organisation that took them in first. Asked as the tables' owner: before it is answered there is no
 * organisation to confine the question to.
 */
export async function findMember(owner: Sql, personId: string): Promise<Member | undefined> {
  const { rows } = await owner.query<Member>({
    name: 'find_member',
    text: `select ${MEMBER} where m.person_id = $1 order by m.created_at limit 1`,
    values: [personId],
  });
  return rows[0];
}

/** The owners of an organisation, who came first before who came later. */
export async function listOwners(owner: Sql, org: string): Promise<Member[]> {
  const { rows } = await owner.query<Member>(
    `select ${MEMBER} where m.org_id = $1 and m.role = 'owner' order by m.created_at, p.id`,
    [org],
  );
  return rows;
}

export interface FoundPerson extends Pick<Member, 'name' | 'email'> {
  /** False: nobody but the person themselves says that the e-mail is theirs. */
  readonly emailVerified: boolean;
}

/** Somebody who has signed in, member or not. */
export async function findPerson(owner: Sql, personId: string): Promise<FoundPerson | undefined> {
  const text = 'select name, email, email_verified as "emailVerified" from opsroom.people where id = $1';
  return (await owner.query<FoundPerson>(text, [personId])).rows[0];
}

/** Makes a person a member; one that is a member already stays what it is. */
export async function addMember(owner: Sql, org: string, personId: string, role: Role): Promise<void> {
  await owner.query(
    'insert into opsroom.members (org_id, person_id, role) values ($1, $2, $3) on conflict do nothing',
    [org, personId, role],
  );
}

export interface NewPerson {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
}

/** False when somebody has this e-mail. */
export async function insertPerson(tx: Sql, { org, id, name, email }: NewPerson): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into opsroom.people (org_id, id, name, email, email_verified) values ($1, $2, $3, $4, true)
     on conflict (email) do nothing`,
    [org, id, name, email],
  );
  return rowCount === 1;
}

/**
 * What is undefined stays. False when somebody else has this e-mail.
 * @param vouched whether another e-mail is believed: one that is not is never taken for proof of who somebody is
 */
export async function renamePerson(
  tx: Sql,
  id: string,
  { name, email }: { readonly name?: string | undefined; readonly email?: string | undefined },
  vouched: boolean,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.people set name = coalesce($2, name), email = coalesce($3, email), updated_at = clock_timestamp(),
       email_verified = case when coalesce($3, email) = email then email_verified else $4 end
     where id = $1 and not exists (select 1 from opsroom.people o where o.email = $3 and o.id <> $1)`,
    [id, name ?? null, email ?? null, vouched],
  );
  return rowCount === 1;
}

/** How better-auth names an account that has a password. */
const CREDENTIAL = 'credential';

/** The hash of a person's password; undefined when they have none. */
export async function findPassword(owner: Sql, personId: string): Promise<string | undefined> {
  const { rows } = await owner.query<{ password: string | null }>(
    'select password from opsroom.accounts where person_id = $1 and provider = $2',
    [personId, CREDENTIAL],
  );
  return rows[0]?.password ?? undefined;
}

/** Gives a person a password, or another one. */
export async function savePassword(
  tx: Sql,
  { org, id, personId, hash }: { org: string; id: string; personId: string; hash: string },
): Promise<void> {
  await tx.query(
    `insert into opsroom.accounts (org_id, id, person_id, provider, provider_account, password)
     values ($1, $2, $3, $4, $3::uuid::text, $5)
     on conflict (provider, provider_account) do update set password = excluded.password, updated_at = clock_timestamp()`,
    [org, id, personId, CREDENTIAL, hash],
  );
}

/** One place where a person is signed in. */
export interface SignInRow {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const SIGN_IN = `id, ip_address as "ipAddress", user_agent as "userAgent", created_at as "createdAt", expires_at as "expiresAt"`;

/** Where a person is signed in, the newest first; at most a hundred. */
export async function listSignIns(sql: Sql, org: string, personId: string): Promise<SignInRow[]> {
  const { rows } = await sql.query<SignInRow>(
    `select ${SIGN_IN} from opsroom.sign_ins
     where org_id = $1 and person_id = $2 and expires_at > clock_timestamp() order by created_at desc, id limit 100`,
    [org, personId],
  );
  return rows;
}

/** Ends sign-ins of a person: the one named, or all but the one kept. Returns what was ended. */
export async function endSignIns(
  tx: Sql,
  personId: string,
  which: { readonly only: string } | { readonly allBut: string | null },
): Promise<SignInRow[]> {
  const only = 'only' in which ? which.only : null;
  const kept = 'allBut' in which ? which.allBut : null;
  const { rows } = await tx.query<SignInRow>(
    `delete from opsroom.sign_ins where person_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)
     returning ${SIGN_IN}`,
    [personId, only, kept],
  );
  return rows;
}

/** Takes away what has expired: sign-ins, and sign-ins by a provider that were never finished. */
export async function sweepSignIns(owner: Sql): Promise<void> {
  await owner.query('delete from opsroom.sign_ins where expires_at < clock_timestamp()');
  await owner.query('delete from opsroom.sign_in_states where expires_at < clock_timestamp()');
}
