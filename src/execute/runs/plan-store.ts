import type { Plan } from '#ir/plan.js';
import type { Sql } from '../sql.js';

/** Keeps a plan of which no run was made yet. Plans never change, so one that is there already stays as it is. */
export async function keepPlan(sql: Sql, org: string, digest: string, plan: Plan): Promise<void> {
  await sql.query(
    'insert into opsroom.plans (org_id, digest, body) values ($1, $2, $3) on conflict (org_id, digest) do nothing',
    [org, digest, JSON.stringify(plan)],
  );
}
