import type pg from 'pg';
import type { Member } from './people-store.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** A person's sign-in in their editor, as it is shown: what opens the room is not kept. */
export interface IdeSessionRow {
  readonly id: string;
  readonly person: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

const SHOWN = `id, person_id as person, name, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt",
  ended_at as "endedAt", ended_by as "endedBy"`;

/** What a presented session turns out to be, and who its person is here by now. */
export interface FoundIdeSession extends Pick<IdeSessionRow, 'id' | 'name' | 'expiresAt' | 'endedAt'> {
  readonly org: string;
  /** By the database's clock. */
  readonly expired: boolean;
  /** Whether the organisation allows such sessions. */
  readonly allowed: boolean;
  /** Null: no member any more. */
  readonly member: Member | null;
  /** Every name by which runs and the audit log know the person. */
  readonly names: readonly string[];
}

/** Asked as the tables' owner: before it is answered there is no organisation to confine the question to. Notes the use, at most once a minute. */
export async function findIdeSession(owner: Sql, hash: Buffer): Promise<FoundIdeSession | undefined> {
  const { rows } = await owner.query<FoundIdeSession>({
    name: 'find_ide_session',
    text: `with found as (
        select s.org_id, s.id, s.name, s.person_id, s.expires_at, s.ended_at, s.expires_at <= clock_timestamp() as expired, o.ide_approvals
        from opsroom.ide_sessions s join opsroom.organisations o on o.id = s.org_id where s.hash = $1),
      used as (
        update opsroom.ide_sessions s set last_used_at = clock_timestamp() from found f
        where s.org_id = f.org_id and s.id = f.id and not f.expired and f.ended_at is null
          and (s.last_used_at is null or s.last_used_at < clock_timestamp() - interval '1 minute'))
      select f.org_id as org, f.id, f.name, f.expires_at as "expiresAt", f.ended_at as "endedAt", f.expired, f.ide_approvals as allowed,
        (select json_build_object('org', m.org_id, 'id', p.id, 'name', p.name, 'email', p.email, 'role', m.role, 'listed', m.listed)
          from opsroom.members m join opsroom.people p on p.id = m.person_id
          where m.org_id = f.org_id and m.person_id = f.person_id) as member,
        array(select k.name from opsroom.known_as k where k.person_id = f.person_id order by k.since, k.name) as names
      from found f`,
    values: [hash],
  });
  return rows[0];
}

export type NewIdeSession = Pick<IdeSessionRow, 'id' | 'person' | 'name' | 'expiresAt'> & {
  readonly org: string;
  readonly hash: Buffer;
};

/** Undefined when the organisation does not allow them; held to what it says in this transaction. */
export async function insertIdeSession(tx: Sql, session: NewIdeSession): Promise<IdeSessionRow | undefined> {
  const { org, id, person, name, hash, expiresAt } = session;
  const { rows } = await tx.query<IdeSessionRow>(
    `insert into opsroom.ide_sessions (org_id, id, person_id, name, hash, expires_at)
     select o.id, $2, $3, $4, $5, $6 from opsroom.organisations o where o.id = $1 and o.ide_approvals for share
     returning ${SHOWN}`,
    [org, id, person, name, hash, expiresAt],
  );
  return rows[0];
}

/** Those of a person, the newest first. */
export async function listIdeSessions(sql: Sql, org: string, person: string): Promise<IdeSessionRow[]> {
  const { rows } = await sql.query<IdeSessionRow>(
    `select ${SHOWN} from opsroom.ide_sessions where org_id = $1 and person_id = $2 order by created_at desc, id desc limit 100`,
    [org, person],
  );
  return rows;
}

/**
 * Ends one at once; one that has ended is left as it was, and `isNew` is false.
 * @param person whose it must be; null: anybody's
 */
export async function endIdeSession(
  tx: Sql,
  which: { readonly org: string; readonly id: string; readonly person: string | null; readonly by: string },
): Promise<(IdeSessionRow & { readonly isNew: boolean }) | undefined> {
  const { rows } = await tx.query<IdeSessionRow & { isNew: boolean }>(
    `with meant as (
       select id as meant_id, ended_at is null as is_new from opsroom.ide_sessions
       where org_id = $1 and id::text = $2 and ($3::uuid is null or person_id = $3) for update)
     update opsroom.ide_sessions set ended_at = coalesce(ended_at, clock_timestamp()), ended_by = coalesce(ended_by, $4)
     from meant where org_id = $1 and id = meant_id returning ${SHOWN}, is_new as "isNew"`,
    [which.org, which.id, which.person, which.by],
  );
  return rows[0];
}

/** Whether people of an organisation may approve from their editors. */
export async function readIdeApprovals(sql: Sql, org: string): Promise<boolean> {
  const text = 'select ide_approvals as allowed from opsroom.organisations where id = $1';
  return (await sql.query<{ allowed: boolean }>(text, [org])).rows[0]?.allowed === true;
}

/** Sets it. What is open works no more from the next request on when it is taken away. */
export async function setIdeApprovals(tx: Sql, org: string, allowed: boolean): Promise<void> {
  await tx.query('update opsroom.organisations set ide_approvals = $2 where id = $1', [org, allowed]);
}
