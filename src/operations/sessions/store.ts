import type pg from 'pg';

/** A transaction of the ordinary role to read, of the tables' owner to write. */
type Sql = Pick<pg.ClientBase, 'query'>;

export interface SessionRow {
  readonly id: string;
  readonly name: string;
  readonly intent: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
  readonly archivedBy: string | null;
  /** What its runs may call, and nothing else; null: there is no list. */
  readonly allowedTools: readonly string[] | null;
  /** Of its runs; counted to `MOST_COUNTED`. */
  readonly runs: number;
  readonly open: number;
  readonly failed: number;
  readonly lastRunAt: Date | null;
}

/** Runs of one session that are counted; beyond it "1000+". */
export const MOST_COUNTED = 1000;

const PLAIN = `s.id, s.name, s.intent, s.created_by as "createdBy", s.created_at as "createdAt", s.archived_at as "archivedAt",
  s.archived_by as "archivedBy", s.allowed_tools as "allowedTools"`;

const COUNTS = `(select count(*)::int as runs, count(*) filter (where r.ended_at is null)::int as open,
    count(*) filter (where r.status in ('failed', 'rolled_back'))::int as failed, max(r.created_at) as "lastRunAt"
  from (select run_id from opsroom.session_runs where org_id = $1 and session_id = s.id order by at desc, run_id desc limit ${MOST_COUNTED + 1}) l
  join opsroom.runs r on r.org_id = $1 and r.id = l.run_id) c`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A session by its id, or by the name of one that is open; an archived one by its name when no open one has it. */
export async function findSession(sql: Sql, org: string, which: string): Promise<SessionRow | undefined> {
  const one = UUID.test(which) ? 's.id = $2::uuid' : 'lower(s.name) = lower($2)';
  const { rows } = await sql.query<SessionRow>(
    `select ${PLAIN}, c.* from opsroom.sessions s cross join lateral ${COUNTS} where s.org_id = $1 and ${one}
     order by s.archived_at desc nulls first limit 1`,
    [org, which],
  );
  return rows[0];
}

export interface SessionPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly archived: 'no' | 'only' | 'all';
  /** Part of the name or of the intent, in any case. */
  readonly text?: string | undefined;
}

/** The newest first, after the session `cursor`. */
export async function listSessions(sql: Sql, org: string, page: SessionPage): Promise<SessionRow[]> {
  const { rows } = await sql.query<SessionRow>(
    `select ${PLAIN}, c.* from (
       select * from opsroom.sessions where org_id = $1
         and ($2::uuid is null or (created_at, id) < ((select created_at from opsroom.sessions where org_id = $1 and id = $2), $2))
         and ($3 = 'all' or (archived_at is null) = ($3 = 'no'))
         and ($4::text is null or position(lower($4) in lower(name || ' ' || intent)) > 0)
       order by created_at desc, id desc limit $5) s
     cross join lateral ${COUNTS} order by s.created_at desc, s.id desc`,
    [org, page.cursor ?? null, page.archived, page.text ?? null, page.limit],
  );
  return rows;
}

export interface NewSession {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly intent: string;
  /** What its runs may call, and nothing else; null: there is no list. */
  readonly tools: readonly string[] | null;
  readonly by: string;
}

/** False when an open session has the name. */
export async function insertSession(sql: Sql, { org, id, name, intent, tools, by }: NewSession): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into opsroom.sessions (org_id, id, name, intent, created_by, allowed_tools) values ($1, $2, $3, $4, $5, $6)
     on conflict (org_id, lower(name)) where archived_at is null do nothing`,
    [org, id, name, intent, by, tools],
  );
  return rowCount === 1;
}

/** Whether another open session has this name. */
export async function nameTaken(
  sql: Sql,
  org: string,
  name: string,
  by: { readonly otherThan: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    'select 1 from opsroom.sessions where org_id = $1 and lower(name) = lower($2) and archived_at is null and id <> $3',
    [org, name, by.otherThan],
  );
  return rowCount !== 0;
}

export interface SessionChange {
  readonly name: string;
  readonly intent: string;
  /** null: it is open. */
  readonly archivedBy: string | null;
  readonly allowedTools: readonly string[] | null;
}

/** Writes what may change of a session. */
export async function updateSession(sql: Sql, org: string, id: string, change: SessionChange): Promise<void> {
  await sql.query(
    `update opsroom.sessions set name = $3, intent = $4, archived_by = $5, allowed_tools = $6,
       archived_at = case when $5::text is null then null else coalesce(archived_at, clock_timestamp()) end
     where org_id = $1 and id = $2`,
    [org, id, change.name, change.intent, change.archivedBy, change.allowedTools],
  );
}

/** Notes that a run belongs to a session; called before the run is written. A run has one session, the first. */
export async function joinSession(sql: Sql, org: string, run: string, session: string): Promise<void> {
  await sql.query(
    `insert into opsroom.session_runs (org_id, run_id, session_id) values ($1, $2, $3) on conflict (org_id, run_id) do nothing`,
    [org, run, session],
  );
}

/** Id of the session that a run belongs to. */
export async function sessionOf(sql: Sql, org: string, run: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    'select session_id as id from opsroom.session_runs where org_id = $1 and run_id = $2',
    [org, run],
  );
  return rows[0]?.id;
}
