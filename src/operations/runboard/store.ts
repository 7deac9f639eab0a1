import type { AttemptStatus, Fault, Parked } from '#execute/records.js';
import type { Sql } from '#execute/sql.js';
import type { JsonObject } from '#ir/json.js';
import type { Lane } from '#ir/plan.js';
import type { RunStatus } from '#ir/state.js';
import type { Planned } from '../estimates/history.js';
import { type AskingStep, askingBeside, asksBeside } from '../runs/asking-store.js';

/** How many runs of each kind are read; the rest are counted. */
const MOST = { queuedOfLane: 25, active: 200, parked: 100, ended: 100 } as const;
/** Of instructions: more than anybody is told outside the step itself, so that it is seen that there is more. */
const MOST_TOLD = 1100;
/** Beyond this a count says "at least". */
const MOST_COUNTED = 1000;

/** By the clock of the statement, which stands still: with another one no index would be asked. */
const LATELY = 'ended_at > statement_timestamp() - make_interval(mins => $2)';
/** A run that was archived is out of sight, unless it was taken up again since. */
const LISTED = '(archived_at is null or archived_at < ended_at)';

export interface LaneRow {
  readonly lane: Lane;
  readonly width: number;
  readonly queued: number;
  readonly oldest: Date | null;
}

/** Every lane of the organisation, with its queue. */
export async function boardLanes(sql: Sql, org: string): Promise<LaneRow[]> {
  const { rows } = await sql.query<LaneRow>({
    name: 'board_lanes',
    text: `select l.lane, l.width, coalesce(q.queued, 0) as queued, q.oldest from opsroom.lanes l
      left join (select lane, count(*)::int as queued, min(queued_at) as oldest from opsroom.runs
        where org_id = $1 and status = 'queued' group by lane) q on q.lane = l.lane
      where l.org_id = $1 order by l.lane`,
    values: [org],
  });
  return rows;
}

export interface Standing {
  readonly now: Date;
  readonly userCap: number;
  /** Runs that hold a place: of a lane and of who asked. */
  readonly active: readonly { readonly lane: string; readonly by: string; readonly runs: number }[];
  /** Runs that hold none, by why; `PAUSED` and the like. */
  readonly parked: readonly { readonly code: Parked['code'] | null; readonly runs: number }[];
  /** Runs at work in which a step asks a person meanwhile. */
  readonly askBeside: number;
  /** Intents that wait until somebody agrees, at most `MOST_COUNTED`. */
  readonly approvals: number;
  /** Runs that failed and whose rollback left something as it was, of the latest `MOST_COUNTED` that failed. */
  readonly notUndone: number;
  /** How many have ended in the window, at most `MOST_COUNTED`. */
  readonly ended: number;
}

/** What the room looks like as a whole, by the database's clock. */
export async function boardStanding(sql: Sql, org: string, minutes: number): Promise<Standing | undefined> {
  const { rows } = await sql.query<Standing>({
    name: 'board_standing',
    text: `select clock_timestamp() as now, o.running_per_user as "userCap",
        coalesce((select json_agg(a) from (select lane, requested_by as by, count(*)::int as runs from opsroom.runs
          where org_id = $1 and status in ('released', 'running', 'pausing') group by 1, 2) a), '[]') as active,
        coalesce((select json_agg(p) from (select parked ->> 'code' as code, count(*)::int as runs from opsroom.runs
          where org_id = $1 and status in ('waiting', 'paused') group by 1) p), '[]') as parked,
        (select count(*)::int from opsroom.runs r where r.org_id = $1 and ${asksBeside('r')}) as "askBeside",
        (select count(*)::int from (select 1 from opsroom.intents
          where org_id = $1 and status = 'waiting' limit ${MOST_COUNTED}) i) as approvals,
        (select count(*)::int from (select error, archived_at, ended_at from opsroom.runs where org_id = $1 and status = 'failed'
          order by created_at desc, id desc limit ${MOST_COUNTED}) f
          where f.error ->> 'code' = 'ROLLBACK_INCOMPLETE' and ${LISTED}) as "notUndone",
        (select count(*)::int from (select 1 from opsroom.runs
          where org_id = $1 and ${LATELY} and ${LISTED} limit ${MOST_COUNTED}) e) as ended
      from opsroom.organisations o where o.id = $1`,
    values: [org, minutes],
  });
  return rows[0];
}

/** A run as the board needs it. */
export interface BoardRun {
  readonly id: string;
  readonly plan_digest: string;
  readonly title: string;
  readonly target: JsonObject;
  readonly lane: Lane;
  readonly requested_by: string;
  readonly concurrency_key: string | null;
  readonly status: RunStatus;
  readonly mode: 'forward' | 'rollback';
  readonly host: string | null;
  readonly owner: string | null;
  readonly parked: Parked | null;
  readonly wake_at: Date | null;
  readonly not_before: Date | null;
  readonly word: string | null;
  readonly error: Fault | null;
  readonly queued_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  /** Its latest event. */
  readonly seq: number;
  readonly changed_at: Date | null;
  /** What is asked beside that which goes on. */
  readonly asking: AskingStep | null;
}

/** The runs that matter now: those in line as they stand in it, those at work, those that wait, those that ended last. */
export async function boardRuns(sql: Sql, org: string, minutes: number): Promise<BoardRun[]> {
  const { rows } = await sql.query<BoardRun>({
    name: 'board_runs',
    text: `select r.id, r.plan_digest, r.title, r.target, r.lane, r.requested_by, r.concurrency_key, r.status, r.mode, r.host, r.owner,
        r.parked, r.wake_at, r.not_before, r.word, r.error, r.queued_at, r.started_at, r.ended_at,
        coalesce(e.seq, 0) as seq, e.at as changed_at, k.asking
      from (
        (select q.* from opsroom.lanes l cross join lateral (select * from opsroom.runs
          where org_id = $1 and lane = l.lane and status = 'queued' order by priority desc, seqno limit ${MOST.queuedOfLane}) q
          where l.org_id = $1)
        union all
        (select * from opsroom.runs where org_id = $1 and status in ('released', 'running', 'pausing')
          order by seqno limit ${MOST.active})
        union all
        (select * from opsroom.runs where org_id = $1 and status in ('waiting', 'paused') order by seqno desc limit ${MOST.parked})
        union all
        (select * from opsroom.runs where org_id = $1 and ${LATELY} and ${LISTED}
          order by ended_at desc limit ${MOST.ended})) r
      left join lateral (select seq, at from opsroom.events where org_id = $1 and run_id = r.id order by seq desc limit 1) e on true
      left join lateral (${askingBeside('r')}) k on true
      order by r.lane, r.priority desc, r.seqno`,
    values: [org, minutes],
  });
  return rows;
}

/** Of these concurrency keys, the runs that hold them. */
export async function keyHolders(sql: Sql, org: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql.query<{ key: string; id: string }>({
    name: 'board_key_holders',
    text: `select concurrency_key as key, id from opsroom.runs where org_id = $1 and concurrency_key = any ($2)
        and status not in ('succeeded', 'failed', 'rolled_back', 'cancelled')
        and (started_at is not null or status in ('released', 'running', 'pausing'))`,
    values: [org, keys],
  });
  return new Map(rows.map(({ key, id }) => [key, id]));
}

export interface WorkerView {
  readonly id: string;
  readonly host: string;
  readonly takes: 'all' | 'own';
  readonly draining: boolean;
  readonly beatAt: Date;
  /** How many runs it takes at once; null: it did not say. */
  readonly slots: number | null;
  /** It beats: by the database's clock, and with any lease. */
  readonly beating: boolean;
}

/** A worker beats at least every 40 s, even with the longest lease. */
const SILENT = "interval '1 minute'";

export async function boardWorkers(sql: Sql): Promise<WorkerView[]> {
  const { rows } = await sql.query<WorkerView>({
    name: 'board_workers',
    text: `select id, host, takes, draining, beat_at as "beatAt", runs as slots, beat_at > clock_timestamp() - ${SILENT} as beating
      from opsroom.workers order by host, started_at limit 200`,
  });
  return rows;
}

/** One step of a run as far as it was begun, its attempts and items merged. */
export interface BegunStep {
  readonly run: string;
  readonly step: string;
  /** Of the step as a whole: its last attempt. Null: only items so far. */
  readonly status: AttemptStatus | null;
  readonly word: string | null;
  /** The failed attempt will be followed by another. */
  readonly again: boolean;
  /** What its items are, without those that are tried again. */
  readonly items: readonly AttemptStatus[];
  /** When what waits goes on by itself; null: nothing waits, or some of it for a person. */
  readonly wakeAt: Date | null;
  readonly startedAt: Date;
  /** Null: some of it is open. */
  readonly endedAt: Date | null;
}

/** The steps of some runs that were begun, in the order in which they began. */
export async function begunSteps(sql: Sql, org: string, runs: readonly string[]): Promise<BegunStep[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql.query<BegunStep>({
    name: 'board_steps',
    text: `select run_id as run, step_id as step, min(started_at) as "startedAt",
        case when not bool_or(status = 'waiting' and wake_at is null) then min(wake_at) filter (where status = 'waiting') end as "wakeAt",
        case when bool_and(ended_at is not null) then max(ended_at) end as "endedAt",
        (array_agg(status order by revision desc, attempt desc) filter (where item < 0))[1] as status,
        (array_agg(word order by revision desc, attempt desc) filter (where item < 0))[1] as word,
        coalesce((array_agg(wake_at is not null order by revision desc, attempt desc) filter (where item < 0))[1], false) as again,
        coalesce(array_agg(distinct status) filter (where item >= 0 and not (status = 'failed' and wake_at is not null)), '{}') as items
      from opsroom.step_attempts where org_id = $1 and run_id = any ($2)
      group by run_id, step_id order by run_id, min(started_at), step_id`,
    values: [org, runs],
  });
  return rows;
}

/** One item of a step is told something else than another. */
export const instructionsKey = (run: string, step: string | null, item = -1): string => `${run} ${step} ${item}`;

export interface Instructions {
  /** As far as anybody is told outside the step itself; secrets masked. */
  readonly text: string;
  /** Of a compensation, as the plan has it. */
  readonly written: string | null;
}

/** What people are asked to do in runs that wait for them, by `instructionsKey`. */
export async function instructions(
  sql: Sql,
  org: string,
  runs: readonly string[],
): Promise<ReadonlyMap<string, Instructions>> {
  if (runs.length === 0) return new Map();
  const { rows } = await sql.query<Instructions & { run: string; step: string; item: number }>({
    name: 'board_instructions',
    text: `select a.run_id as run, a.step_id as step, a.item, left(a.args ->> 'instructions', ${MOST_TOLD}) as text,
        case when position('/' in a.step_id) > 0 then (select u -> 'args' ->> 'instructions'
          from opsroom.runs r join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest,
            jsonb_array_elements(p.body -> 'steps') s, jsonb_array_elements(s -> 'rollback') u
          where r.org_id = a.org_id and r.id = a.run_id
            and s ->> 'id' = split_part(a.step_id, '/', 1) and u ->> 'id' = split_part(a.step_id, '/', 2)) end as written
      from opsroom.step_attempts a
      where a.org_id = $1 and a.run_id = any ($2) and a.status = 'waiting' and a.args ? 'instructions'`,
    values: [org, runs],
  });
  return new Map(rows.map((row) => [instructionsKey(row.run, row.step, row.item), row]));
}

/** How many steps of some runs are done; for runs whose steps are too many to be read one by one. */
export async function doneSteps(sql: Sql, org: string, runs: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (runs.length === 0) return new Map();
  const { rows } = await sql.query<{ run: string; done: number }>({
    name: 'board_done_steps',
    text: `select run_id as run, count(distinct step_id)::int as done from opsroom.step_attempts
      where org_id = $1 and run_id = any ($2) and status in ('done', 'skipped') and item < 0 and position('/' in step_id) = 0
      group by run_id`,
    values: [org, runs],
  });
  return new Map(rows.map(({ run, done }) => [run, done]));
}

/** A step of a plan that an estimate can be made of. */
export type PlannedStep = Planned & { readonly dependsOn: readonly string[] };

interface PlanFacts {
  readonly digest: string;
  readonly total: number;
  /** Its first steps. */
  readonly steps: readonly (PlannedStep & { readonly title: string })[];
}

/** Steps beyond these go by their ids, and nobody says when a run of them ends. */
const MOST_STEPS = 300;

/** What never changes of some plans. */
export async function planFacts(sql: Sql, org: string, digests: readonly string[]): Promise<PlanFacts[]> {
  if (digests.length === 0) return [];
  const { rows } = await sql.query<PlanFacts>({
    name: 'board_plans',
    text: `select p.digest, coalesce(jsonb_array_length(p.body -> 'steps'), 0) as total,
        coalesce((select jsonb_agg(jsonb_build_object('id', s -> 'id', 'title', s -> 'title', 'kind', s -> 'kind', 'action', s -> 'action',
          'dependsOn', coalesce(s -> 'dependsOn', '[]')))
          from (select s from jsonb_array_elements(p.body -> 'steps') s limit ${MOST_STEPS}) t), '[]') as steps
      from opsroom.plans p where p.org_id = $1 and p.digest = any ($2)`,
    values: [org, digests],
  });
  return rows;
}
