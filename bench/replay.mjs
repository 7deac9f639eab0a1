// node replay.mjs [--steps 1000] [--rounds 9] [--out results/replay.json]: how long a room takes to decide a run of many steps anew,
// over HTTP, each step with a verifier. Needs a build; the machine must be otherwise idle.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from './lib/numbers.mjs';
import { ROOT } from './lib/product.mjs';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '9' },
    out: { type: 'string', default: 'results/replay.json' },
  },
});
const [steps, rounds] = [Number(options.steps), Number(options.rounds)];
const url = 'http://127.0.0.1:43918';
const home = await mkdtemp(join(tmpdir(), 'opsroom-replay-'));
const env = { PATH: process.env.PATH, HOME: home, OPSROOM_HOME: home };
const room = spawn(process.execPath, [join(ROOT, 'bin/opsroom.mjs'), 'start', '--port', '43918'], {
  cwd: home,
  env,
  stdio: 'ignore',
});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ready = () =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
while (!(await ready())) await pause(50);
const headers = {
  'x-api-key': (await readFile(join(home, 'local.token'), 'utf8')).trim(),
  'content-type': 'application/json',
};
const get = async (path) => (await fetch(url + path, { headers })).json();

const value = {
  title: `${steps} steps`,
  steps: Array.from({ length: steps }, (_, n) => ({
    id: `s${n}`,
    tool: 'shell',
    args: { run: 'true' },
    verifiers: [{ id: 'holds', kind: 'shell', config: { run: 'true' } }],
    ...(n >= 16 ? { dependsOn: [`s${n - 16}`] } : {}),
  })),
};
const started = await fetch(`${url}/v1/runs`, { method: 'POST', headers, body: JSON.stringify({ plan: { value } }) });
const { runId } = await started.json();
while ((await get(`/v1/runs/${runId}`)).endedAt === null) await pause(200);

const times = [];
let answer;
for (let round = 0; round <= rounds; round++) {
  const begin = performance.now();
  answer = await get(`/v1/runs/${runId}/replay`);
  if (round > 0) times.push(performance.now() - begin);
}
const { same, decisions } = answer;
const result = { steps, rounds, same, decisions, ms: { p50: quantile(times, 0.5), worst: Math.max(...times) } };
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
await writeFile(fileURLToPath(new URL(options.out, import.meta.url)), `${JSON.stringify(result, null, 2)}\n`);
room.kill('SIGTERM');
await new Promise((resolve) => room.once('exit', resolve));
await rm(home, { recursive: true, force: true });
