// node run.mjs [--rounds 7] [--layers noop,evidence,…] [--peers opsroom,dbos,…] [--small] [--out results/NAME.json]
// Rounds are appended to the file, peers take turns in being first. See README.md.
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareCrowd } from './lib/crowd.mjs';
import { startServer } from './lib/server.mjs';
import { LAYERS } from './lib/tools.mjs';
import { versions } from './lib/versions.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    layers: { type: 'string', default: Object.keys(LAYERS).join(',') },
    peers: { type: 'string', default: 'opsroom,dbos,dbosQueued,graphile,restate,bare' },
    small: { type: 'boolean', default: false },
    out: { type: 'string', default: 'results/peers.json' },
  },
});
const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));
const PATIENCE_MS = 180_000;
const shrink = options.small ? 10 : 1;
const some = (n) => Math.max(5, Math.round(n / shrink));

/** Peers that a layer is measured with, where not all: programs take most of a shell step; the crowd is made for those that keep old runs in tables. */
const OVER_PROGRAMS = ['opsroom', 'dbos', 'graphile', 'bare'];
const PEERS_OF = {
  shell: OVER_PROGRAMS,
  shellVerified: OVER_PROGRAMS,
  sandboxed: OVER_PROGRAMS,
  crowded: ['opsroom', 'dbos', 'dbosQueued'],
};

/** What is measured in a layer. `warm`: the same beforehand, smaller where it says so, not counted. */
function sizesOf(layer) {
  const slow = LAYERS[layer].tool !== 'noop';
  const steps = some(slow ? 60 : 1000);
  const runs = some(slow ? 40 : 200);
  return [
    { name: 'latency', metric: 'latency', count: some(slow ? 15 : 40), warm: { count: some(slow ? 5 : 20) } },
    { name: 'firstStep', metric: 'firstStep', count: some(slow ? 10 : 20), warm: { count: 3 } },
    {
      name: 'sequential',
      metric: 'sequential',
      steps,
      warm: { steps: some(slow ? 20 : 300) },
    },
    // Warmed with the same: over in an eighth of a second, it is compiled only in the course of some.
    {
      name: 'parallel',
      metric: 'parallel',
      steps,
      times: slow ? 1 : 5,
      warm: slow ? { steps: some(20) } : { times: 3 },
    },
    { name: 'runs16', metric: 'runs', count: runs, width: 16, warm: { count: some(slow ? 15 : 100) } },
    {
      name: 'runs64',
      metric: 'runs',
      count: slow ? runs : runs * 2,
      width: 64,
      warm: { count: some(slow ? 15 : 100) },
    },
  ];
}

/** The commit floor, measured once a round with the bare tool. */
const FLOOR = [1, 16, 64].map((width) => ({
  name: `commits${width}`,
  metric: 'commits',
  count: some(width === 1 ? 1000 : 4000),
  width,
  warm: { count: some(300) },
}));

/** @returns the child's answer, or `{ failed }` */
function measure(job) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MEASURE, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (said.out += chunk));
    child.stderr.on('data', (chunk) => (said.err += chunk));
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.on('close', (code) => {
      clearTimeout(late);
      const line = said.out.split('\n').find((text) => text.startsWith('{"result"'));
      resolve(
        line ? JSON.parse(line) : { failed: said.err.trim().split('\n').at(-1)?.slice(0, 200) || `exit ${code}` },
      );
    });
  });
}

/** The database that a peer works on: its own and fresh, or the one that is full of old runs. */
async function databaseOf(server, layer, peer) {
  if (layer !== 'crowded') return { url: await server.fresh(`bench_${peer.toLowerCase()}`), stop: () => undefined };
  const system = peer === 'opsroom' ? 'opsroom' : 'dbos';
  return prepareCrowd(await server.keep(`crowd_${system}`), system, options.small ? 1000 : 100_000);
}

const chosenLayers = options.layers.split(',');
const chosenPeers = options.peers.split(',');
const out = fileURLToPath(new URL(options.out, import.meta.url));
const server = await startServer();
const machine = {
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  postgres: server.version,
};
const known = await readFile(out, 'utf8').then(JSON.parse, () => ({ machine, versions: {}, notes: {}, rounds: [] }));
known.versions = await versions();
await mkdir(dirname(out), { recursive: true });
try {
  for (let n = 0; n < Number(options.rounds); n++) {
    const turn = known.rounds.length;
    const round = {
      at: new Date().toISOString(),
      commit: known.versions.opsroom,
      load: loadavg().map((n) => Number(n.toFixed(2))),
      results: {},
    };
    for (const layer of chosenLayers) {
      const peers = chosenPeers.filter((peer) => (PEERS_OF[layer] ?? chosenPeers).includes(peer));
      const order = peers.map((_, place) => peers[(place + turn) % peers.length]);
      for (const peer of order) {
        const { url, stop } = await databaseOf(server, layer, peer);
        const sizes = [...sizesOf(layer), ...(peer === 'bare' && layer === 'noop' ? FLOOR : [])];
        const { result, note, failed } = await measure({ peer, layer, url, sizes });
        await stop();
        round.results[layer] ??= {};
        round.results[layer][peer] = failed ? { failed } : result;
        if (note) known.notes[peer] = note;
        console.error(`round ${turn + 1} ${layer} ${peer}: ${failed ?? brief(result)}`);
      }
    }
    known.rounds.push(round);
    await writeFile(out, `${JSON.stringify(known, null, 1)}\n`);
  }
} finally {
  await server.close();
}

function brief({ latency, firstStep, sequential, parallel, runs16, runs64 }) {
  const whole = Math.round;
  return `3 steps ${latency.p50.toFixed(1)} ms, first ${firstStep.toFixed(1)} ms, sequential ${whole(sequential.rate)}/s, parallel ${whole(parallel.rate)}/s, runs ${whole(runs16)}/s at 16, ${whole(runs64)}/s at 64`;
}
