import type pg from 'pg';
import type { AttemptId } from '#ir/calls.js';

type Sql = Pick<pg.ClientBase, 'query'>;

/** The lines of a log that its cap dropped, in the middle: numbers from `from` on. */
export interface LogGap {
  readonly from: number;
  readonly count: number;
}

/** Where lines are missing between two chunks; null when the log is whole. */
export async function gapOf(sql: Sql, id: AttemptId): Promise<LogGap | null> {
  const { rows } = await sql.query<LogGap>(
    `select "end" as from, first_line - "end" as count from (
       select first_line, lag(first_line + lines, 1, 1::bigint) over (order by seq) as "end" from opsroom.step_log_chunks
       where org_id = $1 and run_id = $2 and step_id = $3 and item = $4 and revision = $5 and attempt = $6) c
     where first_line > "end" limit 1`,
    [id.org, id.runId, id.stepId, id.item, id.revision, id.attempt],
  );
  return rows[0] ?? null;
}
