import type pg from 'pg';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

export interface KnownPlan {
  readonly digest: string;
  readonly plan: Plan;
}

/** The plans whose digests begin so, at most two. */
export async function plansByDigest(sql: Sql, org: string, beginning: string): Promise<KnownPlan[]> {
  const { rows } = await sql.query<KnownPlan>(
    'select digest, body as plan from opsroom.plans where org_id = $1 and starts_with(digest, $2) order by digest limit 2',
    [org, beginning],
  );
  return rows;
}

/**
 * The last run of a plan of this title that succeeded.
 *
 * @param target where; undefined: anywhere, for the plan says so only once it has its inputs
 */
export async function lastRunOf(
  sql: Sql,
  org: string,
  { title, target }: { readonly title: string; readonly target: JsonObject | undefined },
): Promise<string | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    `select r.id from opsroom.runs r join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
     where r.org_id = $1 and p.title = $2 and r.status = 'succeeded' and ($3::jsonb is null or r.target = $3)
     order by r.created_at desc limit 1`,
    [org, title, target === undefined ? null : JSON.stringify(target)],
  );
  return rows[0]?.id;
}
