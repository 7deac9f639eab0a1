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
  /** Of a call that failed: the most that it may have taken; null: it was not answered, and took none. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars by the price of `pricesAsOf`; null: not known. */
  readonly cost: number | null;
  /** The day of the maker's list, or the setting that says what it costs; empty: the price is not known. */
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

/** The plan that came of the last of these calls; of the answers before it, and of all when there is none, nothing came. */
export async function settleCalls(
  tx: Sql,
  org: string,
  ids: readonly string[],
  planDigest: string | null,
): Promise<void> {
  const last = planDigest === null ? undefined : ids.at(-1);
  await tx.query(
    `update opsroom.model_calls set plan_digest = $3,
       outcome = case when outcome = 'used' and id is distinct from $4 then 'refused' else outcome end
     where org_id = $1 and id = any($2)`,
    [org, ids, planDigest, last ?? null],
  );
}

export interface ModelBudget {
  /** US dollars that may be spent in a day; null: without limit. */
  readonly limit: number | null;
  /** US dollars since midnight, UTC. A call of a maker's model that is not on the price list counts as one of the dearest. */
  readonly today: number;
  /** Calls since then that cost nobody knows how much: nothing of them is in `today`. */
  readonly unpriced: number;
}

/** @param dearest US dollars for a million tokens, in and out */
export async function modelBudget(
  sql: Sql,
  org: string,
  [dearIn, dearOut]: readonly [number, number],
): Promise<ModelBudget> {
  const { rows } = await sql.query<ModelBudget>(
    `select (select model_usd_per_day::float8 from opsroom.organisations where id = $1) as "limit",
       coalesce(sum(usd), 0)::float8 as today, (count(*) filter (where usd is null))::int as unpriced
     from (select coalesce(cost,
         case when provider in ('openai', 'anthropic') then (input_tokens * $2::numeric + output_tokens * $3::numeric) / 1000000 end,
         case when outcome = 'failed' and input_tokens is null then 0 end) as usd
       from opsroom.model_calls
       where org_id = $1 and at >= date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC') calls`,
    [org, dearIn, dearOut],
  );
  return rows[0] ?? { limit: null, today: 0, unpriced: 0 };
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
  /** Calls without an answer that may be paid for: they count with the most that they may have taken. */
  readonly lost: number;
}

/** What was spent on the plan of this digest, or on all there is. */
export async function spent(sql: Sql, org: string, planDigest: string | null): Promise<Spent> {
  const { rows } = await sql.query<Spent>(
    `select count(*)::int as calls, coalesce(sum(input_tokens), 0)::float8 as "inputTokens",
       coalesce(sum(output_tokens), 0)::float8 as "outputTokens", coalesce(sum(cost), 0)::float8 as cost,
       count(*) filter (where cost is null and (outcome <> 'failed' or input_tokens is not null))::int as unpriced,
       count(*) filter (where outcome = 'failed' and input_tokens is not null)::int as lost
     from opsroom.model_calls where org_id = $1 and ($2::text is null or plan_digest = $2)`,
    [org, planDigest],
  );
  return rows[0] ?? { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0, lost: 0 };
}
