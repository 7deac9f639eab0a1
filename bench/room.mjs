// node room.mjs [--runs 100000] [--active 50] [--watchers 500] [--seconds 10] [--out results/room.json]: what the room costs while
// it is looked at. See README.md.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { looked } from './lib/board-page.mjs';
import { fillOpsroom } from './lib/crowd.mjs';
import { quantile } from './lib/numbers.mjs';
import { startRoom } from './lib/room.mjs';
import { startServer } from './lib/server.mjs';
import { watchRoom } from './lib/watching.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    active: { type: 'string', default: '50' },
    watchers: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '10' },
    out: { type: 'string', default: 'results/room.json' },
  },
});
const [runs, active, watchers, seconds] = ['runs', 'active', 'watchers', 'seconds'].map((name) =>
  Number(options[name]),
);
const spread = (values) => ({
  n: values.length,
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

/** Reads, one after the other, so many ms apart. */
async function reads(room, path, count, apartMs = 0) {
  const took = [];
  for (let n = 0; n < count; n++) {
    if (apartMs > 0) await new Promise((resolve) => setTimeout(resolve, apartMs));
    const begin = performance.now();
    const answer = await room.get(path(n));
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path(n)}: ${answer.status}`);
    took.push(performance.now() - begin);
  }
  return spread(took);
}

/** From the commit of an event, by the database's clock, to its arrival, with so many runs at work. */
async function latency(room) {
  const stream = await watchRoom(room);
  let seen = [];
  let over = false;
  const reading = (async () => {
    while (!over) seen.push(...(await stream.next()));
  })();
  const stop = await room.keepRunning(active);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  seen = []; // how they began is not what is asked
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  over = true;
  await reading;
  await stop();
  stream.close();
  return { events: seen.length, perSecond: seen.length / seconds, ms: spread(seen) };
}

/** Memory of the server with so many streams open, each of which has been told something. */
async function memory(room) {
  const before = await room.rssMb();
  const streams = await Promise.all(Array.from({ length: watchers }, () => watchRoom(room)));
  const stop = await room.keepRunning(5);
  await Promise.all(streams.map((stream) => stream.next()));
  const during = await room.rssMb();
  await stop();
  for (const stream of streams) stream.close();
  return { beforeMb: before, duringMb: during, moreMb: during - before };
}

/** What is measured, in this order. */
async function measured(room) {
  const ids = await room.someRuns(200);
  await reads(room, () => '/v1/runboard', 50); // what is compiled and cached on the way
  return {
    at: new Date().toISOString(),
    load: loadavg()[0],
    runs,
    reads: {
      // Further apart than an answer is kept, so that each is read.
      runboard: await reads(room, () => '/v1/runboard', 100, 210),
      runs: await reads(room, () => '/v1/runs?limit=50', 500),
      run: await reads(room, (n) => `/v1/runs/${ids[n % ids.length]}`, 500),
    },
    latency: { active, ...(await latency(room)) },
    page: { active, ...(await looked(room, { active, seconds })) },
    memory: { watchers, ...(await memory(room)) },
  };
}

const server = await startServer();
const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-room-'));
let room;
try {
  const url = await server.fresh('room');
  await fillOpsroom(url, runs);
  room = await startRoom(home, url);
  const report = await measured(room);
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify(report, null, 2));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await room?.close();
  await server.close();
  await rm(home, { recursive: true, force: true });
}
