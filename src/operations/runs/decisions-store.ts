import type pg from 'pg';
import type { JsonValue } from '#ir/json.js';

export interface CallEvent {
  readonly step: string;
  readonly item: number | null;
  readonly attempt: number | null;
  readonly type: string;
  readonly data: { readonly [name: string]: JsonValue } | null;
  readonly at: Date;
}

/** The beginnings of calls, and the ends of steps, in the order of the run's events after `after`. */
export async function callEvents(
  tx: Pick<pg.ClientBase, 'query'>,
  org: string,
  run: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<(CallEvent & { readonly seq: number })[]> {
  const { rows } = await tx.query<CallEvent & { seq: number }>(
    `select seq::float8 as seq, step_id as step, item, attempt, type, data, at from opsroom.events
     where org_id = $1 and run_id = $2 and seq > $3 and step_id is not null
       and (type = 'step.started' or (type = 'step.failed' and data ->> 'code' = 'TOOL_NOT_ALLOWED'))
     order by seq limit $4`,
    [org, run, after, limit],
  );
  return rows;
}
