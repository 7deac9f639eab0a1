import type { Allowlist } from '#ir/allowlist.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import type { ChainLink } from '#ir/proof.js';
import { WITHDRAWN } from '../decide/units.js';
import { chainHead } from '../ledger/store.js';
import type { Head } from '../ledger/turn.js';
import type { Parked, RunRow, SignalKind, SignalPayload } from '../records.js';
import type { Sql } from '../sql.js';
import { isStored, noteStored } from './known-plans.js';

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
  readonly delayMs: number | null;
  readonly parent: string | null;
  readonly fork: JsonValue;
  readonly restart: number;
  readonly genesis: ChainLink;
  /** Ids of steps whose settled records are taken over from the parent. */
  readonly reuse: readonly string[];
  readonly allowedTools: readonly Allowlist[] | null;
}

/**
 * Writes queued runs, each with its first proof, its first event and what it takes over from its parent: one statement, all
 * or none. Plans are sent along unless they are known to be there: they never change, and a large one is most of what is sent.
 */
export async function insertRuns(sql: Sql, runs: readonly NewRun[]): Promise<void> {
  const unknown = runs.filter(({ org, planDigest }) => !isStored(sql, org, planDigest));
  await insertWith(sql, runs, unknown).catch((error: unknown) => {
    // A plan was there, and is gone: another database was restored under this one.
    if (dbCode(error) !== FOREIGN_KEY || unknown.length === runs.length) throw error;
    return insertWith(sql, runs, runs);
  });
  for (const { org, planDigest } of unknown) noteStored(sql, org, planDigest);
}

const FOREIGN_KEY = '23503';
const dbCode = (error: unknown): string | undefined => (error as { code?: string }).code;

async function insertWith(sql: Sql, runs: readonly NewRun[], plansOfRuns: readonly NewRun[]): Promise<void> {
  const plans = new Map(
    plansOfRuns.map(({ org, plan, planDigest }) => [`${org}/${planDigest}`, { org, digest: planDigest, body: plan }]),
  );
  await sql.query({
    name: 'insert_runs',
    text: 'select opsroom.insert_runs($1, $2)',
    values: [JSON.stringify([...plans.values()]), JSON.stringify(runs.map((run) => ({ ...run, plan: undefined })))],
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

/** Holds back, until the transaction ends, whoever else would start this run anew. Not the run's own row, which a new run refers to. */
export async function lockRestart(tx: Sql, run: string): Promise<void> {
  await tx.query({
    text: `select pg_advisory_xact_lock(hashtextextended('opsroom.restart/' || $1, 0))`,
    values: [run],
  });
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
  proof: ChainLink,
  event: { type: string; data: JsonValue },
): Promise<void> {
  await sql.query({
    text: `with run as (
        update opsroom.runs set status = $3, parked = $4, wake_at = null, epoch = epoch + 1,
          ended_at = case when $5 then clock_timestamp() end,
          takeovers = case when $3 = 'queued' then 0 else takeovers end,
          queued_at = case when $3 = 'queued' then clock_timestamp() else queued_at end
        where org_id = $1 and id = $2 returning org_id, id),
      proof as (insert into opsroom.proofs (org_id, run_id, seq, hash, record) select org_id, id, $6, $7, $8::json from run),
      cut as (update opsroom.step_attempts set ended_at = clock_timestamp(),
          status = case status when 'waiting' then 'cancelled' else 'unknown' end,
          error = case status when 'waiting' then coalesce(error, $11::jsonb) end
        where $5 and org_id = $1 and run_id = $2 and status in ('running', 'waiting')),
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
      proof.text,
      event.type,
      JSON.stringify(event.data),
      JSON.stringify(WITHDRAWN),
    ],
  });
}
