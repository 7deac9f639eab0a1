import type pg from 'pg';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import type { Beat } from './beat.js';
import type { AttemptRow, Parked, RunRow, SignalKind, SignalPayload, SignalRow, Turn } from './records.js';
import type { Head } from './turn.js';

/** Anything that runs a statement: a pool or a client inside a transaction. */
export type Sql = Pick<pg.Pool, 'query'>;

const ATTEMPT_COLUMNS = `step_id as step, item, revision, attempt, status, started_at as "startedAt", ended_at as "endedAt", args, baseline,
  output, output_digest as "outputDigest", word, error, wake_at as "wakeAt"`;

/** Commits turns of several runs in one statement; answers the ordinals whose fence held. */
export async function commitTurns(sql: Sql, turns: readonly Turn[]): Promise<ReadonlySet<number>> {
  const flat = <T extends object>(pick: (turn: Turn) => readonly T[]) =>
    JSON.stringify(
      turns.flatMap((turn, n) =>
        pick(turn).map((row) => ({ ...row, n, org: turn.org, run: turn.run, epoch: turn.epoch })),
      ),
    );
  const heads = turns.map((t, n) => ({
    ...t.change,
    n,
    org: t.org,
    run: t.run,
    epoch: t.epoch,
    owner: t.owner,
    signals: t.signals,
  }));
  const { rows } = await sql.query<{ held: number[] }>({
    name: 'commit_turns',
    text: 'select opsroom.commit_turns($1, $2, $3, $4, $5, $6) as held',
    values: [
      JSON.stringify(heads),
      flat((t) => t.finished),
      flat((t) => t.started),
      flat((t) => t.proofs.map((record) => ({ seq: record.seq, hash: record.hash, record }))),
      flat((t) => t.evidence),
      flat((t) => t.events),
    ],
  });
  return new Set(rows[0]?.held ?? []);
}

export interface Taken {
  readonly run: RunRow;
  readonly head: Head | undefined;
  readonly eventSeq: number;
  /** Signals wait for its owner. */
  readonly signalled: boolean;
}

/** Takes released runs, by id; those are missing that are not released any more, and all when the worker was deposed. */
export async function takeRuns(
  sql: Sql,
  worker: string,
  hints: readonly { readonly org: string; readonly run: string }[],
): Promise<ReadonlyMap<string, Taken>> {
  const { rows } = await sql.query<RunRow & TakenRow>({
    name: 'take_runs',
    text: `select r.*, p.seq as head_seq, p.hash as head_hash,
        coalesce((select max(e.seq) from opsroom.events e where e.org_id = r.org_id and e.run_id = r.id), 0) as event_seq,
        exists (select 1 from opsroom.signals s where s.run_id = r.id and s.consumed_at is null) as signalled
      from opsroom.take_runs($1, $2) r
      left join lateral (select seq, hash from opsroom.proofs where org_id = r.org_id and run_id = r.id order by seq desc limit 1) p on true`,
    values: [worker, JSON.stringify(hints)],
  });
  return new Map(rows.map((row) => [row.id, takenOf(row)]));
}

interface TakenRow {
  readonly head_seq: number | null;
  readonly head_hash: string | null;
  readonly event_seq: number;
  readonly signalled: boolean;
}

function takenOf(row: RunRow & TakenRow): Taken {
  const { head_seq: seq, head_hash: hash, event_seq: eventSeq, signalled } = row;
  return { run: row, head: seq === null || hash === null ? undefined : { seq, hash }, eventSeq, signalled };
}

/** Where a run's chain and events stand in the ledger. */
export async function runPosition(sql: Sql, org: string, run: string): Promise<Pick<Taken, 'head' | 'eventSeq'>> {
  const head = await chainHead(sql, org, run);
  const { rows } = await sql.query<{ seq: number }>({
    text: 'select coalesce(max(seq), 0) as seq from opsroom.events where org_id = $1 and run_id = $2',
    values: [org, run],
  });
  return { head, eventSeq: rows[0]?.seq ?? 0 };
}

export async function loadPlan(sql: Sql, org: string, digest: string): Promise<Plan | undefined> {
  const { rows } = await sql.query<{ body: Plan }>({
    name: 'load_plan',
    text: 'select body from opsroom.plans where org_id = $1 and digest = $2',
    values: [org, digest],
  });
  return rows[0]?.body;
}

/** All attempts of a run: ended ones in the order of their end, open ones last. Outputs of steps outside `outputsOf` stay behind. */
export async function loadAttempts(
  sql: Sql,
  org: string,
  run: string,
  outputsOf: readonly string[],
): Promise<AttemptRow[]> {
  const { rows } = await sql.query<AttemptRow>({
    text: `select ${ATTEMPT_COLUMNS.replace(' output,', ' case when step_id = any ($3) then output end as output,')}
      from opsroom.step_attempts where org_id = $1 and run_id = $2 order by ended_at nulls last, step_id, item, attempt`,
    values: [org, run, outputsOf],
  });
  return rows;
}

export async function openSignals(sql: Sql, run: string): Promise<SignalRow[]> {
  const { rows } = await sql.query<SignalRow>({
    name: 'open_signals',
    text: 'select id, kind, payload, sent_by from opsroom.signals where run_id = $1 and consumed_at is null order by id',
    values: [run],
  });
  return rows;
}

export interface NewRun {
  readonly org: string;
  readonly id: string;
  /** Rendered, as the target is. */
  readonly title: string;
  readonly plan: Plan;
  readonly planDigest: string;
  readonly inputs: JsonObject;
  readonly inputsDigest: string;
  readonly target: JsonObject;
  readonly lane: string;
  readonly priority: number;
  readonly requestedBy: string;
  readonly concurrencyKey: string | null;
  readonly host: string | null;
  readonly workspace: JsonValue;
  readonly notBefore: Date | null;
  readonly parent: string | null;
  readonly fork: JsonValue;
  readonly restart: number;
  readonly genesis: { readonly hash: string; readonly record: JsonValue };
  /** Ids of steps whose settled records are taken over from the parent. */
  readonly reuse: readonly string[];
}

/**
 * Writes a queued run with its plan, its first proof, its first event and what it takes over from its parent: one
 * statement. Plans never change, so one that is there already stays as it is.
 */
export async function insertRun(sql: Sql, run: NewRun): Promise<void> {
  await sql.query({
    name: 'insert_run',
    text: `with plan as (
        insert into opsroom.plans (org_id, digest, body) values ($1, $3, $22) on conflict do nothing),
      run as (
        insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, concurrency_key,
          status, host, workspace, not_before, parent_id, fork, restart)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', $12, $13, $14, $15, $16, $17) returning org_id, id),
      proof as (
        insert into opsroom.proofs (org_id, run_id, seq, hash, record) select org_id, id, 0, $18, $19::jsonb from run),
      reused as (
        insert into opsroom.step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline,
          output, output_digest, word, verdicts, isolation, log_digest, artefacts, person, reused_from)
        select a.org_id, run.id, a.step_id, a.item, 0, a.attempt, a.status, 0, a.started_at, a.ended_at, null, a.baseline,
          a.output, a.output_digest, a.word, a.verdicts, a.isolation, a.log_digest, a.artefacts, a.person, coalesce(a.reused_from, a.run_id)
        from opsroom.step_attempts a, run
        where a.org_id = $1 and a.run_id = $15 and a.step_id = any ($20) and a.status in ('done', 'skipped'))
      insert into opsroom.events (org_id, run_id, seq, type, data) select org_id, id, 1, 'run.created', $21::jsonb from run`,
    values: [
      run.org,
      run.id,
      run.planDigest,
      run.title,
      JSON.stringify(run.inputs),
      run.inputsDigest,
      JSON.stringify(run.target),
      run.lane,
      run.priority,
      run.requestedBy,
      run.concurrencyKey,
      run.host,
      JSON.stringify(run.workspace),
      run.notBefore,
      run.parent,
      JSON.stringify(run.fork),
      run.restart,
      run.genesis.hash,
      JSON.stringify(run.genesis.record),
      run.reuse,
      JSON.stringify({ by: run.requestedBy, parent: run.parent }),
      JSON.stringify(run.plan),
    ],
  });
}

/** What a re-run may take over: the settled records of a run, and the head of its chain. */
export async function reusable(
  sql: Sql,
  org: string,
  run: string,
): Promise<{ head: Head | undefined; rows: ReusableRow[] }> {
  const { rows } = await sql.query<ReusableRow>({
    text: `select step_id as step, item, revision, attempt, status, output_digest as "outputDigest" from opsroom.step_attempts
      where org_id = $1 and run_id = $2 order by step_id, item, attempt`,
    values: [org, run],
  });
  return { head: await chainHead(sql, org, run), rows };
}

export interface ReusableRow {
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
  readonly status: string;
  readonly outputDigest: string | null;
}

export async function findRun(sql: Sql, org: string, id: string, lock = false): Promise<RunRow | undefined> {
  const { rows } = await sql.query<RunRow>({
    text: `select * from opsroom.runs where org_id = $1 and id = $2 ${lock ? 'for update' : ''}`,
    values: [org, id],
  });
  return rows[0];
}

/** Leaves a signal for the owner and wakes its listener. */
export async function insertSignal(
  sql: Sql,
  org: string,
  run: string,
  kind: SignalKind,
  payload: SignalPayload,
  by: string,
): Promise<void> {
  await sql.query({
    text: `with s as (insert into opsroom.signals (org_id, run_id, kind, payload, sent_by) values ($1, $2, $3, $4, $5) returning run_id)
      select pg_notify('opsroom_signals', run_id::text) from s`,
    values: [org, run, kind, JSON.stringify(payload), by],
  });
}

export interface UnownedChange {
  readonly status: RunRow['status'];
  readonly parked: Parked | null;
  readonly ended: boolean;
}

/**
 * Changes a run that nobody owns; the caller holds its row. Appends one proof and one event. A run that ends so leaves
 * nothing open: neither what a dead worker was doing, nor what it was told.
 */
export async function changeUnowned(
  sql: Sql,
  run: Pick<RunRow, 'org_id' | 'id'>,
  change: UnownedChange,
  proof: { seq: number; hash: string; record: JsonValue },
  event: { type: string; data: JsonValue },
): Promise<void> {
  await sql.query({
    text: `with run as (
        update opsroom.runs set status = $3, parked = $4, wake_at = null, epoch = epoch + 1,
          ended_at = case when $5 then clock_timestamp() end,
          takeovers = case when $3 = 'queued' then 0 else takeovers end,
          queued_at = case when $3 = 'queued' then clock_timestamp() else queued_at end
        where org_id = $1 and id = $2 returning org_id, id),
      proof as (insert into opsroom.proofs (org_id, run_id, seq, hash, record) select org_id, id, $6, $7, $8::jsonb from run),
      cut as (update opsroom.step_attempts set status = 'unknown', ended_at = clock_timestamp()
        where $5 and org_id = $1 and run_id = $2 and status = 'running'),
      unheard as (update opsroom.signals set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
        where $5 and run_id = $2 and consumed_at is null)
      insert into opsroom.events (org_id, run_id, seq, type, data)
        select org_id, id, (select coalesce(max(e.seq), 0) + 1 from opsroom.events e where e.org_id = $1 and e.run_id = $2), $9, $10::jsonb from run`,
    values: [
      run.org_id,
      run.id,
      change.status,
      change.parked ? JSON.stringify(change.parked) : null,
      change.ended,
      proof.seq,
      proof.hash,
      JSON.stringify(proof.record),
      event.type,
      JSON.stringify(event.data),
    ],
  });
}

export async function chainHead(sql: Sql, org: string, run: string): Promise<Head | undefined> {
  const { rows } = await sql.query<Head>({
    text: 'select seq, hash from opsroom.proofs where org_id = $1 and run_id = $2 order by seq desc limit 1',
    values: [org, run],
  });
  return rows[0];
}

export async function releaseRuns(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({ name: 'release_runs', text: 'select opsroom.release_runs() as n' });
  return rows[0]?.n ?? 0;
}

export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly poolId: string | null;
  readonly takes: 'all' | 'own';
}

/** A worker must be in the ledger before it takes anything. */
export async function insertWorker(sql: Sql, w: WorkerRow): Promise<void> {
  await sql.query({
    text: 'insert into opsroom.workers (id, host, pid, pool_id, takes) values ($1, $2, $3, $4, $5)',
    values: [w.id, w.host, w.pid, w.poolId, w.takes],
  });
}

export async function updateWorker(
  sql: Sql,
  id: string,
  change: { poolId?: string; draining?: boolean },
): Promise<void> {
  await sql.query({
    text: 'update opsroom.workers set pool_id = coalesce($2, pool_id), draining = coalesce($3, draining) where id = $1',
    values: [id, change.poolId ?? null, change.draining ?? null],
  });
}

export async function deleteWorker(sql: Sql, id: string): Promise<void> {
  await sql.query({ text: 'delete from opsroom.workers where id = $1', values: [id] });
}

/** How many workers of one process have beaten within `withinMs`, by the database's clock. */
export async function countBeatingWorkers(sql: Sql, host: string, pid: number, withinMs: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    text: `select count(*)::int as n from opsroom.workers
      where host = $1 and pid = $2 and beat_at > clock_timestamp() - make_interval(secs => $3::float8 / 1000)`,
    values: [host, pid, withinMs],
  });
  return rows[0]?.n ?? 0;
}

/** The process whose worker owns a run at this moment; undefined when nobody does. */
export async function ownerPid(sql: Sql, org: string, run: string): Promise<number | undefined> {
  const { rows } = await sql.query<{ pid: number }>({
    text: 'select w.pid from opsroom.runs r join opsroom.workers w on w.id = r.owner where r.org_id = $1 and r.id = $2',
    values: [org, run],
  });
  return rows[0]?.pid;
}

export async function beat(sql: Sql, worker: string): Promise<Beat | null> {
  const { rows } = await sql.query<{ beat: Beat | null }>({
    name: 'beat',
    text: 'select opsroom.beat($1) as beat',
    values: [worker],
  });
  return rows[0]?.beat ?? null;
}

export async function sweep(sql: Sql): Promise<void> {
  await sql.query({ name: 'sweep', text: 'select opsroom.sweep()' });
}

/** @returns how many runs the dead worker held */
export async function depose(sql: Sql, worker: string, beats: number, parked: Parked): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    text: 'select opsroom.depose($1, $2, $3) as n',
    values: [worker, beats, JSON.stringify(parked)],
  });
  return rows[0]?.n ?? 0;
}

/** Gives up some runs (null: all) of a worker, in a new epoch. */
export async function giveUpRuns(sql: Sql, worker: string, runs: readonly string[] | null): Promise<void> {
  await sql.query({ text: 'select opsroom.give_up_runs($1, $2, false, null)', values: [worker, runs] });
}

/** Tells who follows which runs changed. Outside the step's commit: a notification there would serialise all commits. */
export async function notifyChanged(sql: Sql, runs: readonly string[]): Promise<void> {
  await sql.query({ name: 'notify_changed', text: "select pg_notify('opsroom_runs', $1)", values: [runs.join(',')] });
}
