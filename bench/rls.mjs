// What row-level security costs the Runboard's reads: the same statements as the ordinary role under its policies, and as the tables'
// owner, taking turns. Needs a build. node rls.mjs [--runs 100000] [--rounds 400] prints the figures and writes results/rls.json.
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fillOpsroom } from './lib/crowd.mjs';
import { quantile } from './lib/numbers.mjs';
import { load } from './lib/product.mjs';
import { startServer } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '400' } },
});
const ORG = '00000000-0000-7000-8000-000000000001';
const [{ openDatabase }, board, events] = await Promise.all(
  ['db/database.js', 'operations/runboard/store.js', 'operations/events/store.js'].map(load),
);

/** What one look at the room asks. */
async function look(tx) {
  await events.roomCursor(tx, ORG);
  await board.boardStanding(tx, ORG, 60);
  const runs = await board.boardRuns(tx, ORG, 60);
  await board.boardLanes(tx, ORG);
  await board.boardWorkers(tx);
  const ids = runs.map(({ id }) => id);
  await board.begunSteps(tx, ORG, ids);
  await board.doneSteps(tx, ORG, ids);
  await events.latestRoomEvents(tx, ORG, ['step.started'], 50);
  return runs.length;
}

const server = await startServer();
try {
  const url = await server.fresh('rls');
  await fillOpsroom(url, Number(options.runs));
  const database = openDatabase({ url, directUrl: url, applicationName: 'bench', max: 2 });
  // A busy hour: a hundred runs that have ended, and fifty that wait in their lanes.
  await database.engine.query(`insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, word,
      workspace, created_at, queued_at, released_at, started_at, ended_at)
    select '${ORG}', gen_random_uuid(), repeat('0', 64), 'new', '{}', '', '{}', 'B', 'bench', case when n > 100 then 'queued' else 'succeeded' end, null,
      '{}', t, t, t, t, case when n <= 100 then t end
    from generate_series(1, 150) n, lateral (select clock_timestamp() - n * interval '10 seconds' t) o`);
  await database.engine.query('analyze');
  const ways = { door: () => database.door(ORG, look), owner: () => database.engineTx(look) };
  const took = { door: [], owner: [] };
  let shown = 0;
  for (let round = -50; round < Number(options.rounds); round++) {
    for (const way of round % 2 ? ['door', 'owner'] : ['owner', 'door']) {
      const begin = performance.now();
      shown = await ways[way]();
      if (round >= 0) took[way].push(performance.now() - begin);
    }
  }
  await database.close();
  const ratios = took.door.map((ms, round) => ms / took.owner[round]);
  const spread = (values) => ({ p50: quantile(values, 0.5), p95: quantile(values, 0.95) });
  const result = {
    runs: Number(options.runs),
    shown,
    rounds: Number(options.rounds),
    load: loadavg()[0],
    doorMs: spread(took.door),
    ownerMs: spread(took.owner),
    ratio: spread(ratios),
  };
  console.log(result);
  await writeFile(new URL('results/rls.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await server.close();
}
