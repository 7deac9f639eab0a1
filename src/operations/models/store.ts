import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** One call of a language model. */
export interface ModelCall {
  readonly id: string;
  readonly at: Date;
  readonly by: string;
  readonly provider: string;
  readonly model: string;
  readonly prompt: string;
  readonly promptVersion: number;
  /** SHA-256 of what was sent. */
  readonly promptDigest: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars, by the price list of `pricesAsOf`; null: not known. */
  readonly cost: number | null;
  readonly pricesAsOf: string;
  readonly ms: number;
  readonly outcome: 'used' | 'refused' | 'failed';
  /** Of the plan that came of it. */
  readonly planDigest: string | null;
}

const COLUMNS = `id, at, asked_by as "by", provider, model, prompt, prompt_version as "promptVersion", prompt_digest as "promptDigest",
  input_tokens as "inputTokens", output_tokens as "outputTokens", cost::float8 as cost, prices_as_of as "pricesAsOf", ms, outcome,
  plan_digest as "planDigest"`;

export async function insertCall(tx: Sql, org: string, call: Omit<ModelCall, 'at'>): Promise<void> {
  await tx.query(
    `insert into opsroom.model_calls (org_id, id, asked_by, provider, model, prompt, prompt_version, prompt_digest, input_tokens,
       output_tokens, cost, prices_as_of, ms, outcome, plan_digest)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      org,
      call.id,
      call.by,
      call.provider,
      call.model,
      call.prompt,
      call.promptVersion,
      call.promptDigest,
      call.inputTokens,
      call.outputTokens,
      call.cost,
      call.pricesAsOf,
      call.ms,
      call.outcome,
      call.planDigest,
    ],
  );
}

/** The newest first. */
export async function listCalls(sql: Sql, org: string, limit: number): Promise<ModelCall[]> {
  const text = `select ${COLUMNS} from opsroom.model_calls where org_id = $1 order by at desc, id desc limit $2`;
  return (await sql.query<ModelCall>(text, [org, limit])).rows;
}

export interface Spent {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of those whose price is known. */
  readonly cost: number;
  readonly unpriced: number;
}

/** What was spent on the plan of this digest, or on all there is. */
export async function spent(sql: Sql, org: string, planDigest: string | null): Promise<Spent> {
  const { rows } = await sql.query<Spent>(
    `select count(*)::int as calls, coalesce(sum(input_tokens), 0)::int as "inputTokens",
       coalesce(sum(output_tokens), 0)::int as "outputTokens", coalesce(sum(cost), 0)::float8 as cost,
       count(*) filter (where cost is null)::int as unpriced
     from opsroom.model_calls where org_id = $1 and ($2::text is null or plan_digest = $2)`,
    [org, planDigest],
  );
  return rows[0] ?? { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0 };
}
