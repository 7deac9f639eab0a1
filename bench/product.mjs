// node product.mjs [--rounds 7] [--clone] [--only start|large] [--out results/product.json]: what the product costs by itself. See README.md.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { quantile, timed } from './lib/numbers.mjs';
import { load, ROOT } from './lib/product.mjs';
import { startServer } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    clone: { type: 'boolean', default: false },
    only: { type: 'string', default: 'start,large' },
    out: { type: 'string', default: 'results/product.json' },
  },
});
const BIN = join(ROOT, 'bin', 'opsroom.mjs');
const IDLE_MS = 60_000;
const FIRST_RUN_MS = 7_000;
/** Some 15 to 20 s after its start V8 collects, once, what starting left: 130 to 250 ms of CPU. */
const SETTLE_MS = 30_000;
const LARGE = 10_000;
const TICKS_PER_S = 100;

const noSamples = {
  helpMs: [],
  coldReadyMs: [],
  warmReadyMs: [],
  idleCpuPercent: [],
  idleTransactionsPerS: [],
  idleRssMb: [],
  workerRssMb: [],
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `opsroom start` in `home`, until it answers /readyz. @returns the process, and ms */
async function started(home) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, HOME: home, OPSROOM_HOME: home };
  const begin = performance.now();
  const child = spawn(process.execPath, [BIN, 'start', '--port', String(port)], {
    cwd: home,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  for (;;) {
    if (child.exitCode !== null) throw new Error(said);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { child, ms: performance.now() - begin };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function stopped(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function processOf(pid) {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: ((Number(stat[11]) + Number(stat[12])) * 1000) / TICKS_PER_S,
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
  };
}

/** What the server and its worker do while nobody asks anything of them. */
async function idle(home, pid) {
  const { openEmbedded } = await load('db/embedded.js');
  const embedded = await openEmbedded(home, { debug: () => undefined, warn: () => undefined, error: console.error });
  const client = new pg.Client({ connectionString: embedded.url });
  await client.connect();
  const count = async () =>
    Number(
      (
        await client.query(
          'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
        )
      ).rows[0].n,
    );
  const before = { n: await count(), ...(await processOf(pid)) };
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = { n: await count(), ...(await processOf(pid)) };
  await client.end();
  await embedded.close();
  return {
    idleCpuPercent: ((after.cpuMs - before.cpuMs) / IDLE_MS) * 100,
    idleTransactionsPerS: ((after.n - before.n - 1) * 1000) / IDLE_MS,
    idleRssMb: after.rssMb,
  };
}

/** Memory of a worker in a process of its own, beside the room: no web app, no API. */
async function workerRss(home) {
  const env = { PATH: process.env.PATH, HOME: home, OPSROOM_HOME: home };
  const child = spawn(process.execPath, [BIN, 'worker'], { cwd: home, env, stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { rssMb } = await processOf(child.pid);
  await stopped(child);
  return rssMb;
}

/** A plan of ten thousand steps: compiled, run side by side, and the memory meanwhile. */
async function large(server) {
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('large.mjs', import.meta.url)), await server.fresh('large'), String(LARGE)],
    { encoding: 'utf8' },
  );
  const line = child.stdout.split('\n').find((text) => text.startsWith('{"'));
  if (!line) throw new Error(child.stderr);
  return JSON.parse(line);
}

async function round(samples) {
  const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-start-'));
  try {
    samples.helpMs.push(await timed(() => spawnSync(process.execPath, [BIN, '--help'])));
    const cold = await started(home);
    samples.coldReadyMs.push(cold.ms);
    // A new room shows its first run; what it costs to stand by is asked of the second start.
    await new Promise((resolve) => setTimeout(resolve, FIRST_RUN_MS));
    await stopped(cold.child);
    const warm = await started(home);
    samples.warmReadyMs.push(warm.ms);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    for (const [name, value] of Object.entries(await idle(home, warm.child.pid))) samples[name].push(value);
    samples.workerRssMb.push(await workerRss(home));
    await stopped(warm.child);
  } finally {
    const { removeCluster } = await load('db/place.js');
    await removeCluster(home);
    await rm(home, { recursive: true, force: true });
  }
}

/** `git clone` and `npm start -- --once` in an empty folder, installation included, by what npm has cached. */
async function freshClone() {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-bench-clone-'));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  let code;
  const ms = await timed(() => {
    spawnSync('git', ['clone', '--quiet', ROOT, folder], { env });
    code = spawnSync('npm', ['start', '--', '--once'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    }).status;
  });
  await rm(folder, { recursive: true, force: true });
  return { ms, code };
}

const out = fileURLToPath(new URL(options.out, import.meta.url));
const server = await startServer();
const machine = {
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  postgres: server.version,
};
const known = await readFile(out, 'utf8').then(JSON.parse, () => ({
  machine,
  samples: noSamples,
  large: [],
  clones: [],
  load: [],
}));
await mkdir(dirname(out), { recursive: true });
try {
  for (let n = 0; n < Number(options.rounds); n++) {
    known.load.push(Number(loadavg()[0].toFixed(2)));
    if (options.only.includes('start')) await round(known.samples);
    if (options.only.includes('large')) known.large.push(await large(server));
    await writeFile(out, `${JSON.stringify(known, null, 1)}\n`);
  }
  if (options.clone) known.clones.push(await freshClone());
  await writeFile(out, `${JSON.stringify(known, null, 1)}\n`);
} finally {
  await server.close();
}
for (const [name, values] of Object.entries(known.samples)) {
  console.error(
    `${name}: ${quantile(values, 0.5).toFixed(1)} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`,
  );
}
console.error(JSON.stringify({ large: known.large.at(-1), clones: known.clones }));
