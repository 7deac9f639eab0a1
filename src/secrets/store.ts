import type pg from 'pg';
import type { Place, Sealed } from './envelope.js';
import type { Scope } from './scope.js';

/** A connection as the owner of the tables, or a door's transaction for what shows no ciphertext. */
export type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** A version of a secret without its value: what doors may see. */
export interface SecretRow extends Scope {
  readonly name: string;
  readonly version: number;
  readonly keyId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export type SealedRow = Place & Sealed;

const SHOWN =
  'name, environment, app, version, key_id as "keyId", created_by as "createdBy", created_at as "createdAt"';
const SEALED = 'org_id as org, name, environment, app, version, key_id as "keyId", data_key as "dataKey", body';
const OF_SECRET = 'org_id = $1 and name = $2 and environment = $3 and app = $4';

type SecretKey = Scope & { readonly org: string; readonly name: string };
const keyOf = ({ org, name, environment, app }: SecretKey): string[] => [org, name, environment, app];

/**
 * Held until the transaction ends. `write` waits for the exchange of the vault's key and for other writers of the
 * organisation, so that what commits later also has the later `created_at`; `exchange` waits for every writer.
 */
export async function lockVault(tx: Sql, purpose: { write: string } | 'exchange'): Promise<void> {
  const room = `hashtextextended('opsroom.vault', 0)`;
  if (purpose === 'exchange') {
    await tx.query(`select pg_advisory_xact_lock(${room})`);
    return;
  }
  await tx.query(
    `select pg_advisory_xact_lock_shared(${room}), pg_advisory_xact_lock(hashtextextended('opsroom.secrets/' || $1, 0))`,
    [purpose.write],
  );
}

/** The ids of the vault keys that rows of any organisation were sealed under; those of webhooks, which the room keeps for itself, too. */
export async function keyIdsInUse(tx: Sql): Promise<string[]> {
  const text = `select key_id as id from opsroom.secrets union select vault_key_id from opsroom.webhook_secrets
     union select vault_key_id from opsroom.mcp_sign_ins order by 1`;
  const { rows } = await tx.query<{ id: string }>(text);
  return rows.map(({ id }) => id);
}

/** The newest version of a secret; 0 when there is none. */
export async function latestVersion(tx: Sql, secret: SecretKey): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `select coalesce(max(version), 0) as version from opsroom.secrets where ${OF_SECRET}`,
    keyOf(secret),
  );
  return rows[0]?.version ?? 0;
}

export async function insertSecret(tx: Sql, row: SealedRow, by: string): Promise<SecretRow> {
  const { rows } = await tx.query<SecretRow>(
    `insert into opsroom.secrets (org_id, name, environment, app, version, key_id, data_key, body, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${SHOWN}`,
    [...keyOf(row), row.version, row.keyId, row.dataKey, row.body, by],
  );
  return rows[0]!;
}

/** Removes versions of a secret up to one, all of them without it; returns those that went. */
export async function deleteVersions(tx: Sql, secret: SecretKey, upTo?: number): Promise<number[]> {
  const { rows } = await tx.query<{ version: number }>(
    `delete from opsroom.secrets where ${OF_SECRET} and ($5::int is null or version <= $5) returning version`,
    [...keyOf(secret), upTo ?? null],
  );
  return rows.map(({ version }) => version).sort((a, b) => a - b);
}

/** How many secrets an organisation keeps and how many bytes they have, versions of others than this one. */
export async function sizeBeside(tx: Sql, secret: SecretKey): Promise<{ count: number; bytes: number }> {
  const { rows } = await tx.query<{ count: number; bytes: number }>(
    `select count(distinct (name, environment, app))::int as count, coalesce(sum(length(body)), 0)::float8 as bytes
     from opsroom.secrets where org_id = $1 and not (name = $2 and environment = $3 and app = $4)`,
    keyOf(secret),
  );
  return rows[0]!;
}

/** Changes whenever a secret of the organisation is set, bound or removed, and not when a key is exchanged. */
export async function stampOf(sql: Sql, org: string): Promise<string> {
  const { rows } = await sql.query<{ stamp: string }>({
    name: 'secrets_stamp',
    text: `select count(*) || ' ' || coalesce(extract(epoch from max(created_at))::text, '')
        || (select ' ' || count(*) || ' ' || coalesce(extract(epoch from max(set_at))::text, '') from opsroom.secret_hosts where org_id = $1)
        || (select ' ' || count(*) || ' ' || coalesce(sum(n), 0) || ' ' || coalesce(extract(epoch from max(at))::text, '')
          from opsroom.mcp_sign_ins where org_id = $1) as stamp
      from opsroom.secrets where org_id = $1`,
    values: [org],
  });
  return rows[0]?.stamp ?? '';
}

/** Every version that an organisation keeps, the newest of each first. */
export async function sealedOf(sql: Sql, org: string): Promise<SealedRow[]> {
  const { rows } = await sql.query<SealedRow>(
    `select ${SEALED} from opsroom.secrets where org_id = $1 order by name, environment, app, version desc`,
    [org],
  );
  return rows;
}

/** The sign-ins at MCP servers of an organisation, under the names that they are sealed under. */
export async function sealedSignIns(sql: Sql, org: string): Promise<SealedRow[]> {
  const { rows } = await sql.query<SealedRow>(
    `select org_id as org, 'mcp:' || server_id || ':' || kind as name, '' as environment, '' as app, n as version,
       vault_key_id as "keyId", data_key as "dataKey", body from opsroom.mcp_sign_ins where org_id = $1`,
    [org],
  );
  return rows;
}

/** The rows of any organisation that were sealed under another key than this. */
export async function sealedElsewise(tx: Sql, keyId: string): Promise<SealedRow[]> {
  const { rows } = await tx.query<SealedRow>(
    `select ${SEALED} from opsroom.secrets where key_id <> $1
     union all select org_id, 'webhook:' || webhook_id, '', '', n, vault_key_id, data_key, body from opsroom.webhook_secrets
     where vault_key_id <> $1
     union all select org_id, 'mcp:' || server_id || ':' || kind, '', '', n, vault_key_id, data_key, body from opsroom.mcp_sign_ins
     where vault_key_id <> $1`,
    [keyId],
  );
  return rows;
}

export async function updateWrap(tx: Sql, row: SealedRow): Promise<void> {
  await tx.query(
    `with own as (update opsroom.webhook_secrets set vault_key_id = $6, data_key = $7
       where org_id = $1 and 'webhook:' || webhook_id = $2 and n = $5),
     signed as (update opsroom.mcp_sign_ins set vault_key_id = $6, data_key = $7
       where org_id = $1 and 'mcp:' || server_id || ':' || kind = $2 and n = $5)
     update opsroom.secrets set key_id = $6, data_key = $7 where ${OF_SECRET} and version = $5`,
    [...keyOf(row), row.version, row.keyId, row.dataKey],
  );
}

export interface LastUse {
  readonly at: Date;
  readonly run: string;
  readonly step: string;
  readonly version: number;
}

export type ListedSecret = SecretRow & {
  readonly firstSetAt: Date;
  /** Earlier versions that are kept: their values are still masked. */
  readonly earlier: readonly number[];
  readonly lastUse: LastUse | null;
  /** Where it may be sent; none: anywhere. */
  readonly hosts: readonly string[];
};

/** The secrets of an organisation by name and scope, without values; only those of a name when one is given. */
export async function listSecrets(sql: Sql, org: string, name?: string): Promise<ListedSecret[]> {
  const { rows } = await sql.query<ListedSecret>(
    `select n.name, n.environment, n.app, n.version, n."keyId", n."createdBy", n."createdAt", n."firstSetAt",
       n.versions[2:] as earlier, u.use as "lastUse", coalesce(h.hosts, '{}') as hosts
     from (
       select distinct on (name, environment, app) ${SHOWN}, org_id,
         min(created_at) over of_secret as "firstSetAt", array_agg(version) over of_secret as versions
       from opsroom.secrets where org_id = $1 and ($2::text is null or name = $2)
       window of_secret as (partition by name, environment, app order by version desc
         rows between unbounded preceding and unbounded following)
       order by name, environment, app, version desc) n
     left join opsroom.secret_hosts h
       on h.org_id = n.org_id and h.name = n.name and h.environment = n.environment and h.app = n.app
     left join lateral (
       select json_build_object('at', u.at, 'run', u.run_id, 'step', u.step_id, 'version', u.version) as use
       from opsroom.secret_uses u
       where u.org_id = n.org_id and u.name = n.name and u.environment = n.environment and u.app = n.app and u.source = 'vault'
       order by u.at desc limit 1) u on true
     order by n.name, n.environment, n.app`,
    [org, name ?? null],
  );
  return rows.map((row) => ({ ...row, lastUse: row.lastUse && { ...row.lastUse, at: new Date(row.lastUse.at) } }));
}

/** Where a value that a step was given came from. `version` is 0 for what is not of the vault. */
export interface Origin extends Scope {
  readonly source: 'vault' | 'environment' | 'file';
  readonly version: number;
}

export interface Use extends Origin {
  readonly name: string;
  readonly run: string;
  readonly step: string;
  readonly at: Date;
}

/** Notes that a step was given these secrets. Repeating it changes nothing. */
export async function insertUses(
  sql: Sql,
  { org, run, step }: { readonly org: string; readonly run: string; readonly step: string },
  uses: readonly (Origin & { readonly name: string })[],
): Promise<void> {
  await sql.query({
    name: 'secret_uses',
    text: `insert into opsroom.secret_uses (org_id, run_id, step_id, name, source, environment, app, version)
      select $1, $2, $3, u.* from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::int[]) u
      on conflict do nothing`,
    values: [
      org,
      run,
      step,
      uses.map(({ name }) => name),
      uses.map(({ source }) => source),
      uses.map(({ environment }) => environment),
      uses.map(({ app }) => app),
      uses.map(({ version }) => version),
    ],
  });
}

/** The latest uses of the secrets of a name, wherever their values came from. */
export async function listUses(sql: Sql, org: string, name: string, limit: number): Promise<Use[]> {
  const { rows } = await sql.query<Use>(
    `select name, source, environment, app, version, run_id as run, step_id as step, at
     from opsroom.secret_uses where org_id = $1 and name = $2 order by at desc, run_id desc, step_id limit $3`,
    [org, name, limit],
  );
  return rows;
}
