import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** Notes that a plan of this digest was drafted by a model, or stood in a document (model: `document`). The first one stays: it is the same plan. */
export async function keepDraft(
  tx: Sql,
  org: string,
  draft: { readonly planDigest: string; readonly goal: string; readonly model: string; readonly by: string },
): Promise<void> {
  await tx.query(
    `insert into opsroom.drafts (org_id, plan_digest, goal, model, made_by) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [org, draft.planDigest, draft.goal, draft.model, draft.by],
  );
}

/** Whether the plan of this digest came from a model or a document. */
export async function isDraft(sql: Sql, org: string, planDigest: string): Promise<boolean> {
  const { rows } = await sql.query('select from opsroom.drafts where org_id = $1 and plan_digest = $2', [
    org,
    planDigest,
  ]);
  return rows.length > 0;
}
