import type { Plan } from '#ir/plan.js';
import type { AttemptRow, Fault, Placed, RollbackBegun, RunRow, SignalRow, Turn } from '../records.js';
import type { Sql } from '../sql.js';
import type { Head } from './turn.js';

const ATTEMPT_COLUMNS = `step_id as step, item, revision, attempt, status, started_at as "startedAt", ended_at as "endedAt", args, baseline,
  output, output_digest as "outputDigest", word, error, wake_at as "wakeAt", person,
  case when status = 'waiting' then isolation end as isolation, case when status = 'waiting' then log_digest end as "logDigest"`;

/** Outputs that others read, and questions with their answers. */
const WITH_READ_OUTPUT = ` case when step_id = any ($3) or error ->> 'code' = 'INPUT_NEEDED' then output end as output,`;

/** Commits turns of several runs in one statement; answers the places in `turns` of those whose fence held. */
export async function commitTurns(sql: Sql, turns: readonly Turn[]): Promise<ReadonlySet<number>> {
  const rows = (pick: (turn: Turn) => readonly Placed[]) => JSON.stringify(turns.flatMap(pick));
  for (const [place, turn] of turns.entries()) putInPlace(turn, place + 1);
  const { rows: answer } = await sql.query<{ held: number[] }>({
    name: 'commit_turns',
    text: 'select opsroom.commit_turns($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as held',
    values: [
      turns.map((t) => t.org),
      turns.map((t) => t.run),
      turns.map((t) => t.epoch),
      turns.map((t) => t.owner),
      rows((t) => t.finished),
      rows((t) => t.started),
      rows((t) => t.evidence),
      proofLines(turns),
      rows((t) => t.events),
      JSON.stringify(turns.flatMap(({ signals }, place) => signals.map((signal) => ({ n: place + 1, ...signal })))),
      JSON.stringify(turns.flatMap(({ change }, place) => (change ? [{ n: place + 1, ...change }] : []))),
    ],
  });
  return new Set(answer[0]?.held.map((n) => n - 1));
}

/** Set in the rows themselves: a copy of each is a good part of what a wide commit costs here. */
function putInPlace({ finished, started, evidence, events }: Turn, n: number): void {
  for (const rows of [finished, started, evidence, events]) for (const row of rows) row.n = n;
}

const proofLines = (turns: readonly Turn[]): string =>
  turns
    .flatMap(({ proofs }, place) => proofs.map(({ seq, hash, text }) => `${place + 1}\t${seq}\t${hash}\t${text}`))
    .join('\n');

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

export async function chainHead(sql: Sql, org: string, run: string): Promise<Head | undefined> {
  const { rows } = await sql.query<Head>({
    text: 'select seq, hash from opsroom.proofs where org_id = $1 and run_id = $2 order by seq desc limit 1',
    values: [org, run],
  });
  return rows[0];
}

export async function loadPlan(sql: Sql, org: string, digest: string): Promise<Plan | undefined> {
  const { rows } = await sql.query<{ body: Plan }>({
    name: 'load_plan',
    text: 'select body from opsroom.plans where org_id = $1 and digest = $2',
    values: [org, digest],
  });
  return rows[0]?.body;
}

/**
 * All attempts of a run: ended ones in the order of their end, open ones last. Outputs of steps outside `outputsOf` stay behind, but
 * for what was asked and answered.
 */
export async function loadAttempts(
  sql: Sql,
  org: string,
  run: string,
  outputsOf: readonly string[],
): Promise<AttemptRow[]> {
  const { rows } = await sql.query<AttemptRow>({
    text: `select ${ATTEMPT_COLUMNS.replace(' output,', WITH_READ_OUTPUT)}
      from opsroom.step_attempts where org_id = $1 and run_id = $2 order by ended_at nulls last, step_id, item, attempt`,
    values: [org, run, outputsOf],
  });
  return rows;
}

/** How the rollback of a run began; undefined: it goes forward. */
export async function rollbackBegun(sql: Sql, org: string, run: string): Promise<RollbackBegun | undefined> {
  const { rows } = await sql.query<{ cause: RunRow['rollback_cause']; fault: Fault | null }>({
    text: `select r.rollback_cause as cause,
        (select e.data -> 'error' from opsroom.events e where e.org_id = r.org_id and e.run_id = r.id and e.type = 'run.rollback'
          order by e.seq desc limit 1) as fault
      from opsroom.runs r where r.org_id = $1 and r.id = $2 and r.mode = 'rollback'`,
    values: [org, run],
  });
  const [begun] = rows;
  return begun && { cause: begun.cause ?? 'request', fault: begun.fault ?? undefined };
}

/** Whether any step of a run was ever begun, or taken over from its parent. */
export async function hasAttempts(sql: Sql, org: string, run: string): Promise<boolean> {
  const { rowCount } = await sql.query({
    text: 'select 1 from opsroom.step_attempts where org_id = $1 and run_id = $2 limit 1',
    values: [org, run],
  });
  return rowCount !== 0;
}

/** Whether a tool of the run was called, and waits for an answer to what it asked. */
export async function hasQuestion(sql: Sql, org: string, run: string): Promise<boolean> {
  const { rowCount } = await sql.query({
    text: `select 1 from opsroom.step_attempts
      where org_id = $1 and run_id = $2 and status = 'waiting' and error ->> 'code' = 'INPUT_NEEDED' limit 1`,
    values: [org, run],
  });
  return rowCount !== 0;
}

/** Steps that the run began itself, and did not take over from another. */
export async function ownSteps(sql: Sql, org: string, run: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ step: string }>(
    `select distinct step_id as step from opsroom.step_attempts
      where org_id = $1 and run_id = $2 and reused_from is null and status <> 'skipped'`,
    [org, run],
  );
  return new Set(rows.map(({ step }) => step));
}

export async function openSignals(sql: Sql, run: string): Promise<SignalRow[]> {
  const { rows } = await sql.query<SignalRow>({
    name: 'open_signals',
    text: 'select id, kind, payload, sent_by from opsroom.signals where run_id = $1 and consumed_at is null order by id',
    values: [run],
  });
  return rows;
}
