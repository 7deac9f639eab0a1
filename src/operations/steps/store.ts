import type pg from 'pg';
import type { AttemptStatus, Fault, StoredVerdict } from '#execute/records.js';
import type { JsonValue } from '#ir/json.js';
import type { ArtefactRef } from '#ir/proof.js';
import type { Baseline } from '#ir/verdict.js';

type Sql = Pick<pg.ClientBase, 'query'>;

/** One step of one run, or one of its items (-1: the step as a whole). */
export interface UnitKey {
  readonly org: string;
  readonly run: string;
  readonly step: string;
  readonly item: number;
}

/** One attempt with all that was recorded of it. Values larger than a page can show are null, and `large` says so. */
export interface AttemptRow {
  readonly revision: number;
  readonly attempt: number;
  readonly status: AttemptStatus;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly epoch: number;
  readonly args: JsonValue;
  readonly output: JsonValue;
  readonly large: boolean;
  readonly outputDigest: string | null;
  readonly baseline: readonly Baseline[] | null;
  readonly verdicts: readonly StoredVerdict[] | null;
  readonly word: string | null;
  readonly error: Fault | null;
  readonly isolation: string | null;
  readonly artefacts: readonly ArtefactRef[] | null;
  readonly person: { readonly by: string; readonly reason: string } | null;
  readonly wakeAt: Date | null;
  readonly reusedFrom: string | null;
  readonly logLines: number;
}

/** A retried step shows its latest attempts: nobody reads the ninetieth of a hundred. */
export const MOST_ATTEMPTS = 50;
const MOST_VALUE = 65_536;
/** By its text, not by its place on disk only: there a megabyte of one letter takes a few kilobytes. */
const fits = (column: string): string =>
  `(pg_column_size(${column}) <= ${MOST_VALUE} and octet_length(${column}::text) <= ${MOST_VALUE})`;
const keyOf = ({ org, run, step, item }: UnitKey) => [org, run, step, item];

/** The latest attempts of a unit, in their order. */
export async function attemptsOf(sql: Sql, key: UnitKey): Promise<AttemptRow[]> {
  const { rows } = await sql.query<AttemptRow>(
    `select a.revision, a.attempt, a.status, a.started_at as "startedAt", a.ended_at as "endedAt", a.epoch,
       case when ${fits('a.args')} then a.args end as args,
       case when ${fits('a.output')} then a.output end as output,
       not coalesce(${fits('a.args')}, true) or not coalesce(${fits('a.output')}, true) as large,
       a.output_digest as "outputDigest", a.baseline, a.verdicts, a.word, a.error, a.isolation, a.artefacts, a.person,
       a.wake_at as "wakeAt", a.reused_from as "reusedFrom",
       (select coalesce(max(c.first_line + c.lines) - 1, 0)::int from opsroom.step_log_chunks c
        where c.org_id = $1 and c.run_id = $2 and c.step_id = $3 and c.item = $4
          and c.revision = a.revision and c.attempt = a.attempt) as "logLines"
     from (select * from opsroom.step_attempts where org_id = $1 and run_id = $2 and step_id = $3 and item = $4
       order by revision desc, attempt desc limit ${MOST_ATTEMPTS}) a
     order by a.revision, a.attempt`,
    keyOf(key),
  );
  return rows;
}

/** Bodies of evidence by digest; null for one that is too large for a page. */
export async function evidenceOf(sql: Sql, org: string, digests: readonly string[]): Promise<Map<string, JsonValue>> {
  const { rows } = await sql.query<{ digest: string; body: JsonValue }>(
    `select digest, case when ${fits('body')} then body end as body
     from opsroom.evidence where org_id = $1 and digest = any ($2)`,
    [org, digests],
  );
  return new Map(rows.map(({ digest, body }) => [digest, body]));
}

/** The workers that took a run, by the epoch in which they did. */
export async function workersOf(sql: Sql, org: string, run: string): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql.query<{ epoch: number; worker: string }>(
    `select (data ->> 'epoch')::bigint as epoch, data ->> 'worker' as worker from opsroom.events
     where org_id = $1 and run_id = $2 and type in ('run.started', 'run.taken')`,
    [org, run],
  );
  return new Map(rows.map(({ epoch, worker }) => [epoch, worker]));
}

/** One item of a forEach as its last attempt left it. */
export interface ItemRow {
  readonly item: number;
  readonly status: AttemptStatus;
  readonly word: string | null;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly error: Fault | null;
  readonly wakeAt: Date | null;
}

/** Items from one on, in their order. `bad`: only those that neither ended well nor run. */
export async function itemsOf(
  sql: Sql,
  key: Omit<UnitKey, 'item'>,
  page: { readonly from: number; readonly limit: number; readonly bad: boolean },
): Promise<ItemRow[]> {
  const { rows } = await sql.query<ItemRow>(
    `select * from (
       select distinct on (item) item, status, word, attempt, started_at as "startedAt", ended_at as "endedAt", error,
         wake_at as "wakeAt"
       from opsroom.step_attempts where org_id = $1 and run_id = $2 and step_id = $3 and item >= $4
       order by item, revision desc, attempt desc) i
     where not $5 or status not in ('done', 'skipped', 'running') order by item limit $6`,
    [key.org, key.run, key.step, page.from, page.bad, page.limit],
  );
  return rows;
}

/** Which of these artefacts are there still: those that were pruned are known by their digests only. */
export async function presentArtefacts(
  sql: Sql,
  org: string,
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ sha256: string }>(
    'select sha256 from opsroom.artefacts where org_id = $1 and sha256 = any ($2)',
    [org, digests],
  );
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** The name that a run gave to an artefact; undefined when it has none of this digest. */
export async function artefactName(sql: Sql, org: string, run: string, sha256: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ name: string }>(
    'select name from opsroom.run_artefacts where org_id = $1 and run_id = $2 and sha256 = $3 limit 1',
    [org, run, sha256],
  );
  return rows[0]?.name;
}
