import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

/** What a page of one run needs beside its rows. */
export interface RunHead {
  /** Number of its latest event. Read before the rest: whoever follows from here on misses nothing. */
  readonly seq: number;
  /** Where its owner is; null when it has none, or the worker has left. */
  readonly ownerHost: string | null;
  /** Id of the intent that it runs for: of one that its plan started anew, by those who agreed, whose words it has too. */
  readonly intent: string | null;
}

export async function runHead(sql: Sql, org: string, run: string): Promise<RunHead> {
  const { rows } = await sql.query<RunHead>({
    name: 'run_head',
    text: `select (select coalesce(max(seq), 0) from opsroom.events where org_id = $1 and run_id = $2) as seq,
        (select w.host from opsroom.workers w where w.id = r.owner) as "ownerHost",
        coalesce((select i.id::text from opsroom.intents i where i.org_id = $1 and i.run_id = $2 limit 1),
          (select p.record -> 'body' -> 'approvals' -> 0 ->> 'intent' from opsroom.proofs p
           where p.org_id = $1 and p.run_id = $2 and p.seq = 0)) as intent
      from opsroom.runs r where r.org_id = $1 and r.id = $2`,
    values: [org, run],
  });
  return rows[0] ?? { seq: 0, ownerHost: null, intent: null };
}
