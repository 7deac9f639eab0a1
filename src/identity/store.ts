import type pg from 'pg';
import type { Permission } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** An API key as it is shown: the key itself is not kept. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly Permission[];
  /** The agent that it was made for: `gpt`, `cursor`; null: a program. */
  readonly agent: string | null;
  /** Id of the person who made it; null: made on this machine. */
  readonly person: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** What a presented key turns out to be. */
export type FoundKey = Pick<ApiKeyRow, 'id' | 'name' | 'scopes' | 'agent' | 'person' | 'expiresAt' | 'revokedAt'> & {
  readonly org: string;
  /** By the database's clock. */
  readonly expired: boolean;
};

const SHOWN = `id, name, hint, scopes, agent, person_id as person, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt", revoked_by as "revokedBy"`;

/**
 * The key with this hash, whichever organisation it is of: before it is known there is nothing to confine the question to,
 * so it is asked as the tables' owner. Notes the use of a key that holds, at most once a minute.
 */
export async function findKey(owner: Sql, hash: Buffer): Promise<FoundKey | undefined> {
  const { rows } = await owner.query<FoundKey>({
    name: 'find_key',
    text: `with found as (
        select org_id as org, id, name, scopes, agent, person_id as person, expires_at as "expiresAt", revoked_at as "revokedAt",
          coalesce(expires_at <= clock_timestamp(), false) as expired
        from opsroom.api_keys where hash = $1),
      used as (
        update opsroom.api_keys k set last_used_at = clock_timestamp() from found f
        where k.org_id = f.org and k.id = f.id and not f.expired and f."revokedAt" is null
          and (k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute'))
      select * from found`,
    values: [hash],
  });
  return rows[0];
}

export interface NewKey {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly hint: string;
  readonly scopes: readonly Permission[];
  readonly agent: string | null;
  readonly person: string | null;
  readonly by: string;
  readonly expiresAt: Date | null;
}

/** Undefined when a key of that name is in use. */
export async function insertKey(sql: Sql, key: NewKey): Promise<ApiKeyRow | undefined> {
  const { rows } = await sql.query<ApiKeyRow>(
    `insert into opsroom.api_keys (org_id, id, name, hash, hint, scopes, created_by, expires_at, agent, person_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (org_id, name) where revoked_at is null do nothing returning ${SHOWN}`,
    [key.org, key.id, key.name, key.hash, key.hint, key.scopes, key.by, key.expiresAt, key.agent, key.person],
  );
  return rows[0];
}

/** The newest first. */
export async function listKeys(sql: Sql, org: string): Promise<ApiKeyRow[]> {
  const { rows } = await sql.query<ApiKeyRow>(
    `select ${SHOWN} from opsroom.api_keys where org_id = $1 order by created_at desc, id desc`,
    [org],
  );
  return rows;
}

/** `isNew`: it was this call that ended it. */
export type RevokedKey = ApiKeyRow & { readonly isNew: boolean };

/**
 * Ends a key at once. One that was revoked before is left as it was, and `isNew` is false.
 * @param which its id, or the name of a key that is in use; an id wins over a key that somebody gave such a name
 */
export async function revokeKey(sql: Sql, org: string, which: string, by: string): Promise<RevokedKey | undefined> {
  const { rows } = await sql.query<RevokedKey>(
    `with meant as (
       select id as key_id, revoked_at is null as is_new from opsroom.api_keys
       where org_id = $1 and (id::text = $2 or (name = $2 and revoked_at is null)) order by id::text = $2 desc limit 1 for update)
     update opsroom.api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()), revoked_by = coalesce(revoked_by, $3)
     from meant where org_id = $1 and id = key_id returning ${SHOWN}, is_new as "isNew"`,
    [org, which, by],
  );
  return rows[0];
}
