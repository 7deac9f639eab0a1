// node run-page.mjs [--steps 1000] [--lines 1000000] [--rounds 5] [--out results/run-page.json]: how the page of a large run opens, pans
// and scrolls through a long log in a real browser, beside a room on this machine. Needs chromium (CHROMIUM=path) and `npm run build`.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { quantile } from './lib/numbers.mjs';
import { ROOT } from './lib/product.mjs';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000' },
    lines: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: 'results/run-page.json' },
  },
});
const [steps, lines, rounds] = ['steps', 'lines', 'rounds'].map((name) => Number(options[name]));
const PORT = 43_917;
const url = `http://127.0.0.1:${PORT}`;
const home = await mkdtemp(join(tmpdir(), 'opsroom-page-'));
const env = { PATH: process.env.PATH, HOME: home, OPSROOM_HOME: home };
const opsroom = (...args) =>
  spawn(process.execPath, [join(ROOT, 'bin/opsroom.mjs'), ...args], { cwd: home, env, stdio: 'ignore' });
const room = opsroom('start', '--port', String(PORT));
const ready = () =>
  fetch(`${url}/readyz`)
    .then(({ ok }) => ok)
    .catch(() => false);
while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 50));
const key = (await readFile(join(home, 'local.token'), 'utf8')).trim();

async function start(plan, done) {
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ plan: { value: plan } });
  const { runId } = await (await fetch(`${url}/v1/runs`, { method: 'POST', headers, body })).json();
  const view = async () => (await fetch(`${url}/v1/runs/${runId}`, { headers })).json();
  while (!done(await view())) await new Promise((resolve) => setTimeout(resolve, 50));
  return runId;
}

const wide = await start(
  {
    title: `${steps} steps`,
    steps: Array.from({ length: steps }, (_, n) => ({
      id: `s${n}`,
      ...(n === 0
        ? { kind: 'system', action: 'manual', args: { instructions: 'wait' } }
        : { tool: 'shell', args: { run: 'true' }, dependsOn: [`s${Math.max(0, n - 8)}`] }),
    })),
  },
  ({ status }) => status === 'waiting',
);
const long = await start(
  { title: `${lines} lines`, steps: [{ id: 'talk', tool: 'shell', args: { run: `seq 1 ${lines}` } }] },
  ({ endedAt }) => endedAt !== null,
);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const person = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  extraHTTPHeaders: { 'x-api-key': key },
});
await person.addInitScript(() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
  }).observe({ type: 'longtask', buffered: true });
});
const taken = (page) => page.evaluate(() => globalThis.longTasks.splice(0));

/** From the address to the first row, and to the first node of the graph, with what kept the page from answering meanwhile. */
async function open(page) {
  const begin = performance.now();
  await page.goto(`${url}/runs/${wide}`);
  await page.locator('li[aria-setsize]').first().waitFor();
  const rowsMs = performance.now() - begin;
  await page.locator('[data-step]').first().waitFor();
  return { rowsMs, graphMs: performance.now() - begin, longTasks: await taken(page) };
}

async function pan(page) {
  const box = await page.locator('[aria-label="Steps as a graph"]').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let n = 1; n <= 60; n++) await page.mouse.move(box.x + box.width / 2 - n * 8, box.y + box.height / 2 - n);
  await page.mouse.up();
  return { longTasks: await taken(page) };
}

async function scroll(page) {
  await page.goto(`${url}/runs/${long}?step=talk&tab=logs`);
  const log = page.getByRole('region', { name: /^Log of/ });
  await log.getByText('7', { exact: true }).first().waitFor();
  await taken(page);
  const begin = performance.now();
  for (const share of [0.1, 0.9, 0.5, 0.3, 1]) {
    await log.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), share);
    await page.waitForTimeout(150);
  }
  await log.getByText(String(lines), { exact: true }).first().waitFor();
  return { toEndMs: performance.now() - begin, longTasks: await taken(page) };
}

const measured = [];
for (let round = 0; round < rounds; round++) {
  const page = await person.newPage();
  measured.push({ open: await open(page), pan: await pan(page), log: await scroll(page) });
  await page.close();
}
const numbers = (of) => ({ p50: quantile(measured.map(of), 0.5), worst: Math.max(...measured.map(of)) });
const worst = (name) => Math.max(0, ...measured.flatMap((round) => round[name].longTasks));
const result = {
  steps,
  lines,
  rounds,
  load: loadavg()[0],
  rowsMs: numbers(({ open: { rowsMs } }) => rowsMs),
  graphMs: numbers(({ open: { graphMs } }) => graphMs),
  longestTaskMs: { open: worst('open'), pan: worst('pan'), log: worst('log') },
};
await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result)}\n`);
await browser.close();
room.kill('SIGTERM');
await new Promise((resolve) => room.once('exit', resolve));
await new Promise((resolve) => opsroom('stop').once('exit', resolve));
await rm(home, { recursive: true, force: true });
