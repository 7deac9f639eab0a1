import pg from 'pg';
import { EVIDENCE_TABLE, TOOLS } from '../lib/tools.mjs';

/** No engine at all: the tool by itself, and what one durable commit costs from Node on this server. */
export async function open({ url, layer }) {
  const pool = new pg.Pool({ connectionString: url, max: 64 });
  await pool.query(EVIDENCE_TABLE);
  await pool.query('create table if not exists counters (id int primary key, n bigint not null)');
  await pool.query('insert into counters select i, 0 from generate_series(1, 1000) i on conflict do nothing');
  const tool = TOOLS[layer.tool];
  let commits = 0;
  return {
    note: 'no engine: nothing is recorded',
    run: async (shape, size, onEnd) => {
      if (shape === 'chain') for (let n = 0; n < size; n++) await tool();
      else await Promise.all(Array.from({ length: size }, tool));
      onEnd?.();
    },
    /** One row updated and one inserted, in one prepared statement. */
    commit: () => {
      commits += 1;
      return pool.query({
        name: 'commit',
        text: `with one as (update counters set n = n + 1 where id = $1)
          insert into evidence (run, step, prev, hash, body) values ($2, 's', '', '', '{"passed": true}')`,
        values: [1 + (commits % 1000), `${process.pid} ${commits}`],
      });
    },
    firstStep: async () => {
      const begin = performance.now();
      await tool();
      return performance.now() - begin;
    },
    close: () => pool.end(),
  };
}
