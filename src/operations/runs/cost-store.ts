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

/** The word of a program: it may be no number, or one that no sum of them can hold. */
const isTold = (member: string): string => `jsonb_typeof(a.output #> '{usage,${member}}') = 'number'`;
const total = (member: string, most: number): string =>
  `coalesce(sum(case when ${isTold(member)}
     then least(greatest((a.output #>> '{usage,${member}}')::numeric, 0), ${most})::float8 end), 0)`;

/**
 * Of runs, what their agent steps used; what was taken over from another run was spent there. An agent that has worked spent something,
 * also where the outputs of its step leave that out, or it was cut short. A plan without agents costs a look at it.
 */
export async function agentUse(tx: Sql, org: string, runs: readonly string[]): Promise<AgentUse[]> {
  const { rows } = await tx.query<AgentUse>(
    `with agents as (
       select r.id as run, s.step ->> 'id' as step, coalesce(s.step ->> 'action', 'work') = 'work' as works,
         s.step ? 'forEach' as each
       from opsroom.runs r
       join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
       cross join lateral jsonb_path_query(p.body, '$.steps[*] ? (@.tool == "agent")') as s (step)
       where r.org_id = $1 and r.id = any($2))
     select a.run_id as "runId", a.step_id as step, count(*)::int as attempts,
       ${total('costUsd', 1e9)} as usd,
       count(*) filter (where ${isTold('costUsd')} is not true)::int as unpriced,
       ${total('inputTokens', 1e15)} as "inputTokens", ${total('outputTokens', 1e15)} as "outputTokens"
     from agents join opsroom.step_attempts a on a.org_id = $1 and a.run_id = agents.run and a.step_id = agents.step
     where a.reused_from is null and (a.output ? 'usage'
       or (agents.works and not (each and a.item < 0) and a.status in ('done', 'unknown')))
     group by a.run_id, a.step_id order by min(a.started_at)`,
    [org, runs],
  );
  return rows;
}
