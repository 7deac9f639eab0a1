import type pg from 'pg';
import type { McpConnection } from '#ir/mcp.js';
import type { IsolationLevel } from '#ir/plan.js';

/** A transaction of the ordinary role to read, of the tables' owner to write. */
export type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface McpSandbox {
  readonly level: IsolationLevel;
  readonly network: boolean;
}

export interface ServerFacts {
  readonly era: 'modern' | 'legacy';
  readonly protocol: string;
  readonly server: string;
}

export interface ServerRow {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly connection: McpConnection;
  readonly sandbox: McpSandbox;
  readonly enabled: boolean;
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly changedByPerson: boolean;
  readonly state: 'unknown' | 'ok' | 'failing';
  readonly stateSince: Date;
  readonly lookedAt: Date | null;
  /** When it first answered a look; changes of the server leave it as it is. */
  readonly firstLookAt: Date | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly tookMs: number | null;
  readonly facts: ServerFacts | null;
}

const COLUMNS = `org_id as org, id, name, connection, sandbox, enabled, revision, created_by as "createdBy", created_at as "createdAt",
  changed_by as "changedBy", changed_at as "changedAt", changed_by_person as "changedByPerson", state, state_since as "stateSince",
  looked_at as "lookedAt", first_look_at as "firstLookAt", error, took_ms as "tookMs", facts`;

export async function listServers(sql: Sql, org: string): Promise<ServerRow[]> {
  const { rows } = await sql.query<ServerRow>(
    `select ${COLUMNS} from opsroom.mcp_servers where org_id = $1 order by name`,
    [org],
  );
  return rows;
}

/** By its name or its id. */
export async function findServer(sql: Sql, org: string, which: string, locked = false): Promise<ServerRow | undefined> {
  const { rows } = await sql.query<ServerRow>({
    name: locked ? 'lock_mcp_server' : 'find_mcp_server',
    text: `select ${COLUMNS} from opsroom.mcp_servers where org_id = $1 and (name = $2 or id::text = $2) ${locked ? 'for update' : ''}`,
    values: [org, which],
  });
  return rows[0];
}

/** By its name alone, as plans, lists and policies know it: an id would be a second name, which none of those names. */
export async function findNamedServer(sql: Sql, org: string, name: string): Promise<ServerRow | undefined> {
  const { rows } = await sql.query<ServerRow>({
    name: 'find_named_mcp_server',
    text: `select ${COLUMNS} from opsroom.mcp_servers where org_id = $1 and name = $2`,
    values: [org, name],
  });
  return rows[0];
}

export interface ServerForm {
  readonly name: string;
  readonly connection: McpConnection;
  readonly sandbox: McpSandbox;
  readonly enabled: boolean;
}

export interface ChangedBy {
  readonly by: string;
  readonly person: boolean;
}

/** Undefined when there is one of that name. */
export async function insertServer(
  tx: Sql,
  org: string,
  form: ServerForm,
  { by, person }: ChangedBy,
): Promise<ServerRow | undefined> {
  const { rows } = await tx.query<ServerRow>(
    `insert into opsroom.mcp_servers (org_id, name, connection, sandbox, enabled, created_by, changed_by, changed_by_person)
     values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (org_id, name) do nothing returning ${COLUMNS}`,
    [org, form.name, JSON.stringify(form.connection), JSON.stringify(form.sandbox), form.enabled, by, person],
  );
  return rows[0];
}

/** It is looked at anew, as one of which nothing is known. */
export async function updateServer(
  tx: Sql,
  org: string,
  id: string,
  form: Omit<ServerForm, 'name'>,
  { by, person }: ChangedBy,
): Promise<void> {
  await tx.query(
    `update opsroom.mcp_servers set connection = $3, sandbox = $4, enabled = $5, changed_by = $6, changed_by_person = $7,
       changed_at = clock_timestamp(), revision = revision + 1, look_at = clock_timestamp(), claimed_until = null,
       state = 'unknown', state_since = clock_timestamp(), error = null, facts = null
     where org_id = $1 and id = $2`,
    [org, id, JSON.stringify(form.connection), JSON.stringify(form.sandbox), form.enabled, by, person],
  );
}

export async function deleteServer(tx: Sql, org: string, id: string): Promise<void> {
  await tx.query('delete from opsroom.mcp_servers where org_id = $1 and id = $2', [org, id]);
}

/** A process that looks may die: after so long another one may. */
const CLAIM_S = 60;

/** Enabled servers of every organisation whose time has come, claimed; asked as the tables' owner. */
export async function claimDue(owner: Sql, most: number): Promise<ServerRow[]> {
  const { rows } = await owner.query<ServerRow>({
    name: 'claim_mcp_servers',
    text: `update opsroom.mcp_servers set claimed_until = clock_timestamp() + interval '${CLAIM_S} s'
      where (org_id, id) in (
        select org_id, id from opsroom.mcp_servers
        where enabled and look_at <= clock_timestamp() and (claimed_until is null or claimed_until < clock_timestamp())
        order by look_at limit $1 for update skip locked)
      returning ${COLUMNS}`,
    values: [most],
  });
  return rows;
}

/** Between two looks at a server that says that its tools have changed, however often it says so. */
const REST_S = 5;

/** The server is looked at as soon as somebody can, and not before it has rested. */
export async function lookSoon(owner: Sql, org: string, id: string): Promise<void> {
  await owner.query(
    `update opsroom.mcp_servers set look_at = least(look_at,
       greatest(clock_timestamp(), looked_at + interval '${REST_S} s')) where org_id = $1 and id = $2`,
    [org, id],
  );
}

export interface Look {
  readonly revision: number;
  readonly nextS: number;
  readonly tookMs: number;
  readonly facts?: ServerFacts | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** Notes what came of a look, unless the server was configured otherwise meanwhile. */
export async function noteLook(tx: Sql, org: string, id: string, look: Look): Promise<void> {
  await tx.query(
    `update opsroom.mcp_servers set looked_at = clock_timestamp(), look_at = clock_timestamp() + make_interval(secs => $4), claimed_until = null,
       first_look_at = case when $7::jsonb is null then coalesce(first_look_at, clock_timestamp()) else first_look_at end,
       took_ms = $5, facts = coalesce($6, facts), error = $7,
       state_since = case when state = $8 then state_since else clock_timestamp() end, state = $8
     where org_id = $1 and id = $2 and revision = $3`,
    [
      org,
      id,
      look.revision,
      look.nextS,
      Math.round(look.tookMs),
      look.facts ? JSON.stringify(look.facts) : null,
      look.error ? JSON.stringify(look.error) : null,
      look.error ? 'failing' : 'ok',
    ],
  );
}
