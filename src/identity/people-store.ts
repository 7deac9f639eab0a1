import type pg from 'pg';
import type { Role } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface Member {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Came in by OPSROOM_OAUTH_ALLOW, and stays only while they stand there. */
  readonly listed: boolean;
}

const MEMBER = `m.org_id as org, p.id, p.name, p.email, m.role, m.listed
  from opsroom.members m join opsroom.people p on p.id = m.person_id`;

/**
 * Every membership of a person, the first one first. Asked as the tables' owner: before it is answered there is no organisation
 * to confine the question to.
 */
export async function findMemberships(owner: Sql, personId: string): Promise<Member[]> {
  const { rows } = await owner.query<Member>({
    name: 'find_memberships',
    text: `select ${MEMBER} where m.person_id = $1 order by m.created_at, m.org_id`,
    values: [personId],
  });
  return rows;
}

export interface Workplaces {
  readonly memberships: readonly Member[];
  /** The organisation in which this sign-in was last asked to work. */
  readonly chosen: string;
  /** Every name by which runs and the audit log know the person. */
  readonly names: readonly string[];
}

/** Where somebody who is signed in may work. Undefined: the sign-in is not there any more. */
export async function findWorkplaces(owner: Sql, signInId: string): Promise<Workplaces | undefined> {
  const { rows } = await owner.query<Workplaces>({
    name: 'find_workplaces',
    text: `select s.org_id as chosen,
        array(select k.name from opsroom.known_as k where k.person_id = s.person_id order by k.since, k.name) as names,
        coalesce((select json_agg(w) from (select ${MEMBER} where m.person_id = s.person_id order by m.created_at, m.org_id) w),
          '[]') as memberships
      from opsroom.sign_ins s where s.id = $1`,
    values: [signInId],
  });
  return rows[0];
}

/** Has a sign-in work in another organisation from its next request on. */
export async function chooseWorkplace(tx: Sql, signInId: string, org: string): Promise<void> {
  await tx.query('update opsroom.sign_ins set org_id = $2 where id = $1', [signInId, org]);
}

/** The owners of an organisation, who came first before who came later. */
export async function listOwners(owner: Sql, org: string): Promise<Member[]> {
  const { rows } = await owner.query<Member>(
    `select ${MEMBER} where m.org_id = $1 and m.role = 'owner' order by m.created_at, p.id`,
    [org],
  );
  return rows;
}

/**
 * Whether a person owns every organisation of the installation.
 * @param besides left out of the question: one that they are about to own
 */
export async function ownsAll(owner: Sql, personId: string, besides: string | null = null): Promise<boolean> {
  const { rows } = await owner.query<{ all: boolean }>(
    `select not exists (select from opsroom.organisations o where o.id is distinct from $2
       and not exists (select from opsroom.members m where m.org_id = o.id and m.person_id = $1 and m.role = 'owner')) as all`,
    [personId, besides],
  );
  return rows[0]?.all === true;
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

/** Makes a person a member. False: they are one already, and stay what they are. */
export async function addMember(
  tx: Sql,
  { org, id, role, listed = false }: { org: string; id: string; role: Role; listed?: boolean },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into opsroom.members (org_id, person_id, role, listed) values ($1, $2, $3, $4) on conflict do nothing',
    [org, id, role, listed],
  );
  return rowCount === 1;
}

export interface NewPerson {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** Whether somebody who may say so says that the e-mail is theirs: only then is it taken for proof of who they are. */
  readonly vouched: boolean;
}

/** Nobody else has, or ever had, this e-mail: `$1` is the person, `$2` the e-mail. */
const FREE = `not exists (select from opsroom.people o where o.email = $2 and o.id <> $1)
  and not exists (select from opsroom.known_as k where k.name = 'person:' || $2 and k.person_id <> $1)`;

/** False when somebody has, or had, this e-mail. */
export async function insertPerson(tx: Sql, { org, id, name, email, vouched }: NewPerson): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into opsroom.people (id, email, org_id, name, email_verified)
     select $1::uuid, $2::text, $3::uuid, $4::text, $5::boolean where ${FREE} on conflict (email) do nothing`,
    [id, email, org, name, vouched],
  );
  return rowCount === 1;
}

export interface Renaming {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Whether somebody who may say so says that the new e-mail is theirs. */
  readonly vouched: boolean;
}

/** What is undefined stays. False when somebody else has, or had, this e-mail. */
export async function renamePerson(tx: Sql, id: string, { name, email, vouched }: Renaming): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.people set name = coalesce($3, name), email = coalesce($2, email), updated_at = clock_timestamp(),
       email_verified = case when $2 <> email then $4 else email_verified end
     where id = $1 and ($2::text is null or (${FREE}))`,
    [id, email ?? null, name ?? null, vouched],
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
export async function listSignIns(sql: Sql, personId: string): Promise<SignInRow[]> {
  const { rows } = await sql.query<SignInRow>(
    `select ${SIGN_IN} from opsroom.sign_ins
     where person_id = $1 and expires_at > clock_timestamp() order by created_at desc, id limit 100`,
    [personId],
  );
  return rows;
}

/** Ends the sign-ins of a person that work where they are no member. Returns how many those were. */
export async function endStraySignIns(tx: Sql, personId: string): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from opsroom.sign_ins s where s.person_id = $1
       and not exists (select from opsroom.members m where m.person_id = s.person_id and m.org_id = s.org_id)`,
    [personId],
  );
  return rowCount ?? 0;
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
