import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { ROOT } from './product.mjs';

const ORG = '00000000-0000-7000-8000-000000000001';

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A room in a process of its own, on a database that is there, with lanes wide enough for what is asked of it, and a second worker. */
export async function startRoom(home, databaseUrl, { worker: second = true } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH, HOME: home, OPSROOM_HOME: home, DATABASE_URL: databaseUrl };
  const opsroom = (...args) =>
    spawn(process.execPath, [join(ROOT, 'bin', 'opsroom.mjs'), ...args], {
      cwd: home,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const child = opsroom('start', '--port', String(port));
  while (
    !(await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('the room did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // The one that the room brings along takes sixteen runs at once.
  const worker = second ? opsroom('worker', '--runs', '64') : undefined;
  const key = (await readFile(join(home, 'local.token'), 'utf8')).trim();
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // when the server is stopped under it, something else has gone wrong before
  await client.connect();
  await client.query('update opsroom.lanes set width = 200');
  await client.query('update opsroom.organisations set running_per_user = 1000');
  const headers = { 'x-api-key': key };
  const get = (path, init = {}) => fetch(`${url}${path}`, { ...init, headers });
  const post = async (path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    key,
    get,
    someRuns: async (count) => {
      const { rows } = await client.query('select id from opsroom.runs where org_id = $1 order by random() limit $2', [
        ORG,
        count,
      ]);
      return rows.map(({ id }) => id);
    },
    rssMb: async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    /** Keeps so many runs at work, each with two events or more a second, until it is stopped. */
    keepRunning: async (count) => {
      const steps = Array.from({ length: 400 }, (_, n) => ({
        id: `s${n}`,
        kind: 'system',
        action: 'wait',
        args: { durationMs: 500 },
        ...(n > 0 ? { dependsOn: [`s${n - 1}`] } : {}),
      }));
      const plan = { value: { apiVersion: 'opsroom/v1', title: 'At work', steps } };
      const lanes = ['A', 'B', 'C', 'D'];
      const runs = [];
      for (let n = 0; n < count; n++) runs.push((await post('/v1/runs', { plan, lane: lanes[n % 4] })).runId);
      return async () => {
        for (const run of runs) await post(`/v1/runs/${run}/cancel`, { reason: 'measured' });
      };
    },
    close: async () => {
      await client.end();
      for (const one of [worker, child]) {
        if (!one) continue;
        const ended = new Promise((resolve) => one.once('exit', resolve));
        one.kill('SIGTERM');
        await ended;
      }
    },
  };
}
