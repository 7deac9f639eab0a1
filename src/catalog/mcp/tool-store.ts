import type { McpToolDefinition } from '#ir/mcp.js';
import type { KnownTool, Reconciled } from './reconcile.js';
import type { ChangedBy, Sql } from './server-store.js';

export interface ToolRow extends KnownTool {
  readonly serverId: string;
  readonly consentedBy: string | null;
  readonly consentedAt: Date | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly goneAt: Date | null;
}

const COLUMNS = `server_id as "serverId", name, version, digest, definition, flags, consented_by as "consentedBy", consented_at as "consentedAt",
  first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", gone_at as "goneAt", gone_at is not null as gone`;

/** The latest version of each tool of a server, or of all servers. */
export async function latestTools(sql: Sql, org: string, server?: string): Promise<ToolRow[]> {
  const { rows } = await sql.query<ToolRow>(
    `select distinct on (server_id, name) ${COLUMNS} from opsroom.mcp_tools
     where org_id = $1 and ($2::uuid is null or server_id = $2) order by server_id, name, version desc`,
    [org, server ?? null],
  );
  return rows;
}

/** The latest version of one tool that its server still lists. */
export async function latestTool(sql: Sql, org: string, server: string, name: string): Promise<ToolRow | undefined> {
  const { rows } = await sql.query<ToolRow>({
    name: 'latest_mcp_tool',
    text: `select ${COLUMNS} from opsroom.mcp_tools where org_id = $1 and server_id = $2 and name = $3 order by version desc limit 1`,
    values: [org, server, name],
  });
  return rows[0]?.gone === false ? rows[0] : undefined;
}

/** Every version of one tool, the latest first. */
export async function toolVersions(sql: Sql, org: string, server: string, name: string): Promise<ToolRow[]> {
  const { rows } = await sql.query<ToolRow>(
    `select ${COLUMNS} from opsroom.mcp_tools where org_id = $1 and server_id = $2 and name = $3 order by version desc limit 50`,
    [org, server, name],
  );
  return rows;
}

/** By name: the latest definition of each tool that somebody consented to. */
export async function consentedDefinitions(
  sql: Sql,
  org: string,
  server: string,
): Promise<ReadonlyMap<string, McpToolDefinition>> {
  const { rows } = await sql.query<{ name: string; definition: McpToolDefinition }>(
    `select distinct on (name) name, definition from opsroom.mcp_tools
     where org_id = $1 and server_id = $2 and consented_at is not null order by name, consented_at desc, version desc`,
    [org, server],
  );
  return new Map(rows.map(({ name, definition }) => [name, definition]));
}

/** Of one tool, beside the last that somebody consented to: a server may say something else at each look. */
const MOST_VERSIONS = 50;

/** Keeps what a look at a server has changed. `by`: who consents to those that are not flagged. */
export async function keepLook(tx: Sql, org: string, server: string, look: Reconciled, by: string): Promise<void> {
  const { fresh, seen, gone } = look;
  for (const { version, digest, definition, flags } of fresh) {
    await tx.query(
      `insert into opsroom.mcp_tools (org_id, server_id, name, version, digest, definition, flags, consented_by, consented_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, case when $8::text is not null then clock_timestamp() end)`,
      [
        org,
        server,
        definition.name,
        version,
        digest,
        JSON.stringify(definition),
        flags,
        flags.length === 0 ? by : null,
      ],
    );
  }
  await tx.query(
    `update opsroom.mcp_tools set last_seen_at = clock_timestamp(), gone_at = null where org_id = $1 and server_id = $2 and name = any ($3)`,
    [org, server, seen],
  );
  await tx.query(
    `update opsroom.mcp_tools set gone_at = clock_timestamp() where org_id = $1 and server_id = $2 and name = any ($3) and gone_at is null`,
    [org, server, gone],
  );
  await forget(tx, org, server);
}

/** Names that are gone and to which nobody ever consented, and old versions: a server could think of ever new ones. */
async function forget(tx: Sql, org: string, server: string): Promise<void> {
  await tx.query(
    `with names as (
       select name, max(version) as latest, max(version) filter (where consented_at is not null) as consented,
         bool_and(gone_at is not null) filter (where is_latest) as gone
       from (select *, version = max(version) over (partition by name) as is_latest from opsroom.mcp_tools
         where org_id = $1 and server_id = $2) v group by name)
     delete from opsroom.mcp_tools t using names n
     where t.org_id = $1 and t.server_id = $2 and t.name = n.name
       and (n.gone and n.consented is null or t.version <= n.latest - ${MOST_VERSIONS} and t.version is distinct from n.consented)`,
    [org, server],
  );
}

/** Consents to versions of tools as they are now. @returns the names of those that were flagged until then */
export async function consent(
  tx: Sql,
  org: string,
  server: string,
  versions: readonly { readonly name: string; readonly digest: string }[],
  { by }: Pick<ChangedBy, 'by'>,
): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `update opsroom.mcp_tools t set flags = '{}', consented_by = $4, consented_at = clock_timestamp()
     from jsonb_to_recordset($3) w (name text, digest text)
     where t.org_id = $1 and t.server_id = $2 and t.name = w.name and t.digest = w.digest and t.flags <> '{}'
       and t.version = (select max(v.version) from opsroom.mcp_tools v where v.org_id = $1 and v.server_id = $2 and v.name = t.name)
     returning t.name`,
    [org, server, JSON.stringify(versions), by],
  );
  return rows.map(({ name }) => name);
}

const CHANGED = 'the server was changed after somebody had consented to it';

/** Takes away every consent to tools of a server: it is another now. */
export async function withdrawConsent(tx: Sql, org: string, server: string): Promise<void> {
  await tx.query(
    `update opsroom.mcp_tools set flags = $3, consented_by = null, consented_at = null
     where org_id = $1 and server_id = $2 and consented_at is not null`,
    [org, server, [CHANGED]],
  );
}
