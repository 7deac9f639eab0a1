import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

/** What a page of one run needs beside its rows. */
export interface RunHead {
  /** Number of its latest event. Read before the rest: whoever follows from here on misses nothing. */
  readonly seq: number;
  /** Where its owner is; null when it has none, or the worker has left. */
  readonly ownerHost: string | null;
}

export async function runHead(sql: Sql, org: string, run: string): Promise<RunHead> {
  const { rows } = await sql.query<RunHead>({
    name: 'run_head',
    text: `select (select coalesce(max(seq), 0) from opsroom.events where org_id = $1 and run_id = $2) as seq,
        (select w.host from opsroom.workers w where w.id = r.owner) as "ownerHost"
      from opsroom.runs r where r.org_id = $1 and r.id = $2`,
    values: [org, run],
  });
  return rows[0] ?? { seq: 0, ownerHost: null };
}
