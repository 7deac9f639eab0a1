import type { Plan } from '#ir/plan.js';
import type { ChainRecord } from '#ir/proof.js';
import type { RunRow, SignalRow } from '../records.js';
import { readsOf } from '../scope.js';
import type { Sql } from '../sql.js';
import type { Fork } from '../submit.js';
import { type RunEvent, viewRun } from '../views/store.js';
import type { RecordedAttempt, RecordedParent, RecordedRun } from './recorded.js';

/** What is recorded of a run apart from its chain, which the caller brings. Undefined: there is no such run. */
export async function readRecorded(
  sql: Sql,
  org: string,
  id: string,
  chain: readonly ChainRecord[],
): Promise<RecordedRun | undefined> {
  const found = await viewRun(sql, org, id);
  if (!found) return undefined;
  const { plan, ...run } = found;
  const attempts = await recordedAttempts(sql, org, id, plan);
  const events = await allEvents(sql, org, id);
  const { rows: signals } = await sql.query<SignalRow>(
    'select id::float8 as id, kind, payload, sent_by from opsroom.signals where org_id = $1 and run_id = $2 order by id',
    [org, id],
  );
  return { run, plan, attempts, events, chain, signals, parent: await parentOf(sql, run) };
}

/** The outputs of steps that no expression reads stay behind: no decision rests on them. */
async function recordedAttempts(sql: Sql, org: string, run: string, plan: Plan): Promise<RecordedAttempt[]> {
  const { rows } = await sql.query<RecordedAttempt>({
    text: `select step_id as step, item, revision, attempt, status, started_at as "startedAt", ended_at as "endedAt", args, baseline,
        case when step_id = any ($3) or error ->> 'code' = 'INPUT_NEEDED' then output end as output, output_digest as "outputDigest", word, verdicts, error, isolation,
        log_digest as "logDigest", artefacts, person, wake_at as "wakeAt", reused_from as "reusedFrom"
      from opsroom.step_attempts where org_id = $1 and run_id = $2`,
    values: [org, run, [...readsOf(plan).steps]],
  });
  return rows;
}

async function allEvents(sql: Sql, org: string, run: string): Promise<RunEvent[]> {
  const { rows } = await sql.query<RunEvent>({
    text: `select seq, type, step_id as step, item, attempt, data, at from opsroom.events
      where org_id = $1 and run_id = $2 order by seq`,
    values: [org, run],
  });
  return rows;
}

async function parentOf(sql: Sql, run: RunRow & { readonly fork?: Fork | null }): Promise<RecordedParent | undefined> {
  const parent = run.parent_id;
  if (parent === null || !run.fork) return undefined;
  const { rows } = await sql.query<{ digest: string }>(
    'select plan_digest as digest from opsroom.runs where org_id = $1 and id = $2',
    [run.org_id, parent],
  );
  const { rows: attempts } = await sql.query<RecordedParent['attempts'][number]>(
    `select step_id as step, item, revision, attempt, status, started_at as "startedAt", ended_at as "endedAt"
     from opsroom.step_attempts where org_id = $1 and run_id = $2 order by step_id, item, attempt`,
    [run.org_id, parent],
  );
  return { fork: run.fork, planDigest: rows[0]?.digest ?? '', attempts };
}
