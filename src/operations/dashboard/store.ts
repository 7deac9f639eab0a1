import type pg from 'pg';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

/** The runs that ended from `from` on and before `to`, cut into `slices` of equal length. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly slices: number;
}

/** What the runs of one slice, or of the whole span (`slice` null), came to. Durations in milliseconds. */
export interface RunFigures {
  readonly slice: number | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly rolledBack: number;
  /** Ended by a person's wish: they count neither way. */
  readonly asked: number;
  readonly durationP50: number | null;
  readonly durationP95: number | null;
  /** Runs that have a duration: they had begun, and no person ended them. */
  readonly timed: number;
  readonly queueP50: number | null;
  readonly queueP95: number | null;
  readonly queued: number;
}

const MS = (interval: string) => `extract(epoch from ${interval})::float8 * 1000`;
const at = (p: number, value: string, condition: string) =>
  `percentile_cont(${p}) within group (order by ${value}) filter (where ${condition})`;

const ENDED = `opsroom.runs where org_id = $1 and ended_at >= $2 and ended_at < $3`;

export async function runFigures(sql: Sql, org: string, { from, to, slices }: Span): Promise<RunFigures[]> {
  const took = 'not asked and took is not null';
  const { rows } = await sql.query<RunFigures>(
    `with ended as materialized (
       select status, status = 'cancelled' or (status = 'rolled_back' and rollback_cause is distinct from 'failure') as asked,
         least($4::int - 1, floor(extract(epoch from ended_at - $2) / extract(epoch from $3::timestamptz - $2::timestamptz) * $4::int)::int) as slice,
         ${MS('ended_at - started_at')} as took,
         case when started_at is not null then greatest(0, ${MS('started_at - greatest(created_at, not_before)')}) end as waited
       from ${ENDED})
     select slice, count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'failed')::int as failed,
       count(*) filter (where status = 'rolled_back' and not asked)::int as "rolledBack", count(*) filter (where asked)::int as asked,
       ${at(0.5, 'took', took)} as "durationP50", ${at(0.95, 'took', took)} as "durationP95", count(*) filter (where ${took})::int as timed,
       ${at(0.5, 'waited', 'waited is not null')} as "queueP50", ${at(0.95, 'waited', 'waited is not null')} as "queueP95",
       count(waited)::int as queued
     from ended group by grouping sets ((slice), ()) order by slice nulls first`,
    [org, from, to, slices],
  );
  return rows;
}

/** What the verifiers said and what the calls of one tool came to; durations in milliseconds. */
export interface ToolFigures {
  readonly tool: string;
  readonly calls: number;
  readonly failed: number;
  readonly unavailable: number;
  readonly p50: number;
  readonly p95: number;
}

export interface StepFigures {
  readonly verdicts: number;
  readonly passed: number;
  readonly tools: readonly ToolFigures[];
}

/** Codes with which an attempt ends before its tool was called. */
const NOT_CALLED = `('ARGUMENT_INVALID', 'PRECONDITION_FAILED', 'SECRET_DESTINATION', 'SECRET_UNUSABLE')`;
/** Codes with which a call ends that the tool, or the other side, did not answer. */
const UNAVAILABLE = `('ISOLATION_UNAVAILABLE', 'STEP_TIMEOUT', 'UNREACHABLE')`;

const TOOLS = `select p.digest, s ->> 'id' as step, s ->> 'tool' as tool, s ? 'forEach' as fans
    from bodies p cross join lateral jsonb_array_elements(p.body -> 'steps') s
  union all
  select p.digest, (s ->> 'id') || '/' || (u ->> 'id'), u ->> 'tool', false
    from bodies p cross join lateral jsonb_array_elements(p.body -> 'steps') s cross join lateral jsonb_array_elements(s -> 'rollback') u`;

/** Attempts of the runs that ended in the span, but for those that a re-run took over. */
const ATTEMPTS = `with ended as materialized (select id, plan_digest from ${ENDED}),
  bodies as (select digest, body from opsroom.plans where org_id = $1 and digest in (select plan_digest from ended)),
  tools as materialized (${TOOLS}),
  attempts as materialized (
    select t.tool, t.fans and a.item < 0 as sum, a.status, a.error ->> 'code' as code, a.verdicts, ${MS('a.ended_at - a.started_at')} as took
    from ended r join opsroom.step_attempts a on a.org_id = $1 and a.run_id = r.id
    join tools t on t.digest = r.plan_digest and t.step = a.step_id
    where a.reused_from is null and a.ended_at is not null),
  calls as (
    select tool, status, code, took from attempts
    where tool is not null and not sum and status in ('done', 'failed') and (code is null or code not in ${NOT_CALLED}))`;

export async function stepFigures(sql: Sql, org: string, { from, to }: Span): Promise<StepFigures> {
  const { rows } = await sql.query<{ verdicts: number; passed: number; tools: ToolFigures[] | null }>(
    `${ATTEMPTS}
     select v.*, t.* from
       (select count(*)::int as verdicts, count(*) filter (where (v ->> 'passed')::boolean)::int as passed
        from attempts cross join lateral jsonb_array_elements(verdicts) v where jsonb_typeof(verdicts) = 'array') v,
       (select json_agg(o order by o.calls desc, o.tool) as tools from (
          select tool, count(*)::int as calls, count(*) filter (where status = 'failed')::int as failed,
            count(*) filter (where code in ${UNAVAILABLE})::int as unavailable,
            percentile_cont(0.5) within group (order by took) as p50, percentile_cont(0.95) within group (order by took) as p95
          from calls group by tool) o) t`,
    [org, from, to],
  );
  const found = rows[0];
  return { verdicts: found?.verdicts ?? 0, passed: found?.passed ?? 0, tools: found?.tools ?? [] };
}

/** In minutes: the room looked at itself and was ready; it was not, or looked not at all; it was stopped on purpose. */
export interface UptimeFigures {
  readonly up: number;
  readonly down: number;
  readonly stopped: number;
}

/**
 * A minute without a row after one that was looked at is down; after a stop on purpose it counts neither way. What was
 * before the first look within the span is not known and not counted.
 */
export async function uptimeFigures(sql: Sql, { from, to }: Span): Promise<UptimeFigures> {
  const { rows } = await sql.query<UptimeFigures>(
    `select count(*) filter (where state = 'ready')::int as up,
       coalesce(sum((state = 'not ready')::int + case when state <> 'stopped' then gap else 0 end), 0)::int as down,
       coalesce(sum(case when state = 'stopped' then 1 + gap else 0 end), 0)::int as stopped
     from (select state, greatest(0, floor(extract(epoch from
         coalesce(lead(minute) over (order by minute), date_trunc('minute', $2::timestamptz)) - minute) / 60) - 1) as gap
       from opsroom.room_minutes where minute >= $1 and minute < $2) m`,
    [from, to],
  );
  return rows[0] ?? { up: 0, down: 0, stopped: 0 };
}

/** Notes how the room found itself in this minute of the database's clock. Asked as the tables' owner. */
export async function noteMinute(
  owner: Sql,
  state: 'ready' | 'not ready' | 'stopped',
  reason: string | null,
): Promise<void> {
  // Of several servers one that is ready is enough; a stop counts only when nobody is left who looks.
  await owner.query(
    `insert into opsroom.room_minutes as m (minute, state, reason) values (date_trunc('minute', clock_timestamp()), $1, $2)
     on conflict (minute) do update set state = excluded.state, reason = excluded.reason where m.state <> 'ready' or excluded.state = 'stopped'`,
    [state, reason],
  );
}
