import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/**
 * Notes that a plan of this digest was drafted by a model, or stood in a document (model: `document`). The first one stays: it is the same
 * plan. `composed`: whatever in it runs programs of the machine stands so in a template.
 */
export async function keepDraft(
  tx: Sql,
  org: string,
  draft: {
    readonly planDigest: string;
    readonly goal: string;
    readonly model: string;
    readonly by: string;
    readonly composed: boolean;
  },
): Promise<void> {
  await tx.query(
    `insert into opsroom.drafts (org_id, plan_digest, goal, model, made_by, composed) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [org, draft.planDigest, draft.goal, draft.model, draft.by, draft.composed],
  );
}

/** What is known of the plan of this digest where it came from a model or a document. */
export async function findDraft(
  sql: Sql,
  org: string,
  planDigest: string,
): Promise<{ readonly composed: boolean } | undefined> {
  const text = 'select composed from opsroom.drafts where org_id = $1 and plan_digest = $2';
  return (await sql.query<{ composed: boolean }>(text, [org, planDigest])).rows[0];
}
