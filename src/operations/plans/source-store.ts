import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

/** Lines of a source, from 1, and the step that they became or belong to. */
export interface SourcePlace {
  readonly step: string;
  readonly from: number;
  readonly to: number;
  /** Of a runbook: what a block became (`run`, `verify`, `rollback`, …); null for the step of a plan file. */
  readonly label: string | null;
}

/** The text that a plan was compiled from. */
export interface PlanSource {
  /** Without folders. */
  readonly file: string;
  readonly text: string;
  readonly places: readonly SourcePlace[];
}

/** The latest text of a plan takes the place of an earlier one; the same again writes nothing. */
export async function keepSource(sql: Sql, org: string, digest: string, source: PlanSource): Promise<void> {
  await sql.query(
    `insert into opsroom.plan_sources as known (org_id, plan_digest, file, body, places) values ($1, $2, $3, $4, $5)
     on conflict (org_id, plan_digest) do update
       set file = excluded.file, body = excluded.body, places = excluded.places, at = clock_timestamp()
       where (known.file, known.body) is distinct from (excluded.file, excluded.body)`,
    [org, digest, source.file, source.text, JSON.stringify(source.places)],
  );
}

export async function readSource(sql: Sql, org: string, digest: string): Promise<PlanSource | undefined> {
  const { rows } = await sql.query<PlanSource>(
    'select file, body as text, places from opsroom.plan_sources where org_id = $1 and plan_digest = $2',
    [org, digest],
  );
  return rows[0];
}
