import type { Sql } from './server-store.js';

/** A sign-in at a server without what it goes on from: what doors may see. */
export interface SignInRow {
  readonly serverId: string;
  readonly issuer: string;
  readonly scope: string;
  readonly by: string;
  readonly at: Date;
  /** When its access token runs out. */
  readonly expiresAt: Date | null;
  /** Why it is no longer taken. */
  readonly refused: string | null;
}

export type SignInKind = 'begun' | 'held';

/** As the vault seals. */
interface Sealed {
  readonly keyId: string;
  readonly dataKey: Buffer;
  readonly body: Buffer;
}

export interface SealedSignIn extends Sealed {
  readonly org: string;
  readonly serverId: string;
  readonly kind: SignInKind;
  readonly n: number;
  readonly by: string;
  readonly expiresAt: Date | null;
  readonly refused: string | null;
}

const SEALED = `org_id as org, server_id as "serverId", kind, n, by_whom as by, expires_at as "expiresAt", refused,
  vault_key_id as "keyId", data_key as "dataKey", body`;

/** Those that are held, of all servers of an organisation. */
export async function listSignIns(sql: Sql, org: string): Promise<SignInRow[]> {
  const { rows } = await sql.query<SignInRow>(
    `select server_id as "serverId", issuer, scope, by_whom as by, at, expires_at as "expiresAt", refused
     from opsroom.mcp_sign_ins where org_id = $1 and kind = 'held'`,
    [org],
  );
  return rows;
}

export async function heldSignIn(sql: Sql, org: string, server: string): Promise<SealedSignIn | undefined> {
  const { rows } = await sql.query<SealedSignIn>({
    name: 'held_mcp_sign_in',
    text: `select ${SEALED} from opsroom.mcp_sign_ins where org_id = $1 and server_id = $2 and kind = 'held'`,
    values: [org, server],
  });
  return rows[0];
}

/** Takes away the sign-in that has begun with this state and may still be finished: each is finished once. */
export async function takeBegun(tx: Sql, org: string, stateHash: string): Promise<SealedSignIn | undefined> {
  const { rows } = await tx.query<SealedSignIn & { late: boolean }>(
    `delete from opsroom.mcp_sign_ins where org_id = $1 and kind = 'begun' and state_hash = $2
     returning ${SEALED}, expires_at < clock_timestamp() as late`,
    [org, stateHash],
  );
  return rows[0]?.late === false ? rows[0] : undefined;
}

export interface NewSignIn extends Sealed {
  readonly kind: SignInKind;
  readonly n: number;
  readonly stateHash: string | null;
  readonly issuer: string;
  readonly scope: string;
  readonly by: string;
  readonly expiresAt: Date | null;
}

/** The number that the next one sealed in this place has. */
export async function nextSignIn(tx: Sql, org: string, server: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select coalesce(max(n), 0) + 1 as n from opsroom.mcp_sign_ins where org_id = $1 and server_id = $2',
    [org, server],
  );
  return rows[0]?.n ?? 1;
}

/** Keeps a sign-in in the place of the one of its kind before. */
export async function putSignIn(tx: Sql, org: string, server: string, one: NewSignIn): Promise<void> {
  const { kind, n, stateHash, issuer, scope, by, expiresAt, keyId, dataKey, body } = one;
  await tx.query(
    `insert into opsroom.mcp_sign_ins (org_id, server_id, kind, n, state_hash, issuer, scope, by_whom, expires_at, vault_key_id, data_key, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (org_id, server_id, kind) do update set n = excluded.n, state_hash = excluded.state_hash, issuer = excluded.issuer,
       scope = excluded.scope, by_whom = excluded.by_whom, at = clock_timestamp(), expires_at = excluded.expires_at, refused = null,
       renewing_until = null, vault_key_id = excluded.vault_key_id, data_key = excluded.data_key, body = excluded.body`,
    [org, server, kind, n, stateHash, issuer, scope, by, expiresAt, keyId, dataKey, body],
  );
}

/** What tells one from whatever was sealed in its place before or after: numbers begin anew with what is forgotten. */
type Was = Pick<SealedSignIn, 'org' | 'serverId' | 'body'>;

/**
 * Lets one process alone go on from a sign-in for so long.
 * @returns what it gives the turn back with; undefined: somebody else has it, or another sign-in is in its place, or it is refused
 */
export async function takeRenewal(sql: Sql, was: Was, forMs: number): Promise<string | undefined> {
  const { rows } = await sql.query<{ turn: string }>(
    `update opsroom.mcp_sign_ins set renewing_until = clock_timestamp() + $4 * interval '1 millisecond'
     where org_id = $1 and server_id = $2 and kind = 'held' and body = $3 and refused is null
       and (renewing_until is null or renewing_until < clock_timestamp())
     returning renewing_until::text as turn`,
    [was.org, was.serverId, was.body, forMs],
  );
  return rows[0]?.turn;
}

/** The next may go on from it at once. Does nothing where another sign-in, or another turn, has come meanwhile. */
export async function leaveRenewal(sql: Sql, was: Was, turn: string): Promise<void> {
  await sql.query(
    `update opsroom.mcp_sign_ins set renewing_until = null
     where org_id = $1 and server_id = $2 and kind = 'held' and body = $3 and renewing_until = $4::timestamptz`,
    [was.org, was.serverId, was.body, turn],
  );
}

/** Another access token of the same sign-in. False: another is in its place already, or none. */
export async function renewSignIn(
  tx: Sql,
  was: Was,
  { n, expiresAt, keyId, dataKey, body }: Pick<NewSignIn, 'n' | 'expiresAt' | keyof Sealed>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.mcp_sign_ins set n = $3, expires_at = $4, vault_key_id = $5, data_key = $6, body = $7, refused = null, renewing_until = null
     where org_id = $1 and server_id = $2 and kind = 'held' and body = $8`,
    [was.org, was.serverId, n, expiresAt, keyId, dataKey, body, was.body],
  );
  return rowCount === 1;
}

/** False: another is in its place already, or none. */
export async function refuseSignIn(sql: Sql, was: Was, why: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update opsroom.mcp_sign_ins set refused = $3 where org_id = $1 and server_id = $2 and kind = 'held' and body = $4`,
    [was.org, was.serverId, why, was.body],
  );
  return rowCount === 1;
}

/** Forgets what has begun and what is held at a server. @returns what was held, to be revoked */
export async function takeSignIns(tx: Sql, org: string, server: string): Promise<SealedSignIn | undefined> {
  const { rows } = await tx.query<SealedSignIn>(
    `delete from opsroom.mcp_sign_ins where org_id = $1 and server_id = $2 returning ${SEALED}`,
    [org, server],
  );
  return rows.find(({ kind }) => kind === 'held');
}

/** Forgets what has begun and can no longer be finished, of every organisation; asked as the tables' owner. */
export async function deleteLateSignIns(owner: Sql): Promise<void> {
  await owner.query(`delete from opsroom.mcp_sign_ins where kind = 'begun' and expires_at < clock_timestamp()`);
}
