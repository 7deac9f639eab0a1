// node watched.mjs [--rounds 7] [--watchers 50] [--layers noop,evidence] [--out results/watched.json]: what the engine does while a
// room stands beside it that nobody looks at, and while so many people look at its Runboard. See README.md.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './lib/numbers.mjs';
import { startPeople } from './lib/people.mjs';
import { startRoom } from './lib/room.mjs';
import { startServer } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    watchers: { type: 'string', default: '50' },
    layers: { type: 'string', default: 'noop,evidence' },
    out: { type: 'string', default: 'results/watched.json' },
  },
});
const [rounds, watchers] = [Number(options.rounds), Number(options.watchers)];
const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));
const SIZES = [
  { name: 'latency', metric: 'latency', count: 300, warm: { count: 20 } },
  { name: 'sequential', metric: 'sequential', steps: 4000, warm: { steps: 300 } },
  { name: 'parallel', metric: 'parallel', steps: 8000, warm: { steps: 1000 } },
  { name: 'runs16', metric: 'runs', count: 800, width: 16, warm: { count: 100 } },
  { name: 'runs64', metric: 'runs', count: 2400, width: 64, warm: { count: 100 } },
];
const FIGURES = {
  sequential: ({ sequential }) => sequential.rate,
  parallel: ({ parallel }) => parallel.rate,
  runs16: ({ runs16 }) => runs16,
  runs64: ({ runs64 }) => runs64,
  latency: ({ latency }) => latency.p50,
};

/** The engine in a process of its own, whose runs the room's own worker may not take. */
function measure(layer, url, size) {
  return new Promise((resolve, reject) => {
    const job = { peer: 'opsroom', layer, url, host: 'here', sizes: [size] };
    const child = spawn(process.execPath, [MEASURE, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.on('close', (code) => {
      const line = said.split('\n').find((text) => text.startsWith('{"result"'));
      if (!line) return reject(new Error(`measure.mjs ended with ${code}`));
      resolve(FIGURES[size.name](JSON.parse(line).result));
    });
  });
}

async function watched(room, layer, url, size) {
  const people = await startPeople(room, watchers);
  const figure = await measure(layer, url, size);
  const told = await people.leave();
  if (told.events < watchers) throw new Error('nobody was told anything');
  return { figure, told };
}

/** One figure alone and watched, right after each other: a machine's speed drifts by more than what is looked for. */
async function pair(room, layer, url, size, watchedFirst) {
  const one = {};
  const alone = async () => (one.alone = await measure(layer, url, size));
  const looked = async () => {
    const { figure, told } = await watched(room, layer, url, size);
    Object.assign(one, { watched: figure, told });
  };
  for (const part of watchedFirst ? [looked, alone] : [alone, looked]) await part();
  return one;
}

const server = await startServer();
const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-watched-'));
const taken = [];
let room;
try {
  const url = await server.fresh('watched');
  room = await startRoom(home, url, { worker: false });
  for (let round = 0; round < rounds; round++) {
    for (const layer of options.layers.split(',')) {
      const one = { round, layer, load: loadavg()[0], figures: {} };
      for (const size of SIZES) one.figures[size.name] = await pair(room, layer, url, size, round % 2 === 1);
      taken.push(one);
      console.error(`round ${round + 1} ${layer}: ${ratiosOf(one)}`);
    }
  }
  const report = { at: new Date().toISOString(), rounds, watchers, taken, summary: summaryOf(taken) };
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(report, null, 1)}\n`);
  console.log(JSON.stringify(report.summary, null, 1));
} finally {
  await room?.close();
  await server.close();
  await rm(home, { recursive: true, force: true });
}

function ratiosOf({ figures }) {
  return Object.entries(figures)
    .map(([name, { alone, watched }]) => `${name} ${(watched / alone).toFixed(2)}`)
    .join(', ');
}

/** Medians and ranges over the rounds; a ratio is that within a round. */
function summaryOf(rounds) {
  const spread = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });
  return Object.fromEntries(
    options.layers.split(',').map((layer) => {
      const own = rounds.filter((round) => round.layer === layer);
      const of = (name) => {
        const figures = own.map((round) => round.figures[name]);
        return {
          alone: spread(figures.map(({ alone }) => alone)),
          watched: spread(figures.map(({ watched }) => watched)),
          ratio: spread(figures.map(({ alone, watched }) => watched / alone)),
        };
      };
      return [layer, Object.fromEntries(SIZES.map(({ name }) => [name, of(name)]))];
    }),
  );
}
