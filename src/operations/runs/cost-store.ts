import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

/** What a coding agent said that it used, all attempts and items of one step together. */
export interface AgentUse {
  readonly runId: string;
  readonly step: string;
  readonly attempts: number;
  /** US dollars, of the attempts that told. */
  readonly usd: number;
  /** Attempts that did not tell. */
  readonly unpriced: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Of runs, what their agent steps used; what was taken over from another run was spent there. A plan without agents costs a look at it. */
export async function agentUse(tx: Sql, org: string, runs: readonly string[]): Promise<AgentUse[]> {
  const { rows } = await tx.query<AgentUse>(
    `with agents as (
       select r.id as run, s.step ->> 'id' as step from opsroom.runs r
       join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
       cross join lateral jsonb_path_query(p.body, '$.steps[*] ? (@.tool == "agent")') as s (step)
       where r.org_id = $1 and r.id = any($2))
     select a.run_id as "runId", a.step_id as step, count(*)::int as attempts,
       coalesce(sum((a.output #>> '{usage,costUsd}')::float8), 0) as usd,
       count(*) filter (where a.output #>> '{usage,costUsd}' is null)::int as unpriced,
       coalesce(sum((a.output #>> '{usage,inputTokens}')::float8), 0) as "inputTokens",
       coalesce(sum((a.output #>> '{usage,outputTokens}')::float8), 0) as "outputTokens"
     from agents join opsroom.step_attempts a on a.org_id = $1 and a.run_id = agents.run and a.step_id = agents.step
     where a.reused_from is null and a.output ? 'usage'
     group by a.run_id, a.step_id order by min(a.started_at)`,
    [org, runs],
  );
  return rows;
}
