import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Going } from '../harness/cli.js';
import { testDatabase } from '../harness/database.js';
import { lastLine, START_MS, TestHome } from '../harness/home.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

interface Result {
  readonly runId: string;
  readonly status: string;
  readonly bundle: string;
  readonly steps: { readonly id: string; readonly verdicts: { readonly proven: boolean }[] }[];
}

const homes: TestHome[] = [];
const newHome = (): TestHome => {
  const home = new TestHome();
  homes.push(home);
  return home;
};
afterAll(async () => {
  await Promise.all(homes.map((home) => home.close()));
}, 120_000);

const LIMIT = 120_000;

describe('a room that is started', () => {
  const home = newHome();
  let room: Going;
  let url = '';

  beforeAll(async () => {
    room = home.start(['start', '--port', '0', '--json']);
    await room.saw('"bundle"', START_MS);
    url = (JSON.parse(room.stdout().split('\n')[0] ?? '') as { url: string }).url;
  }, LIMIT);

  test(verifies('KEEP-09', 'shows a real run whose changes are proven, and a bundle that verifies'), async () => {
    const result = lastLine(room.stdout()) as Result;
    expect(result.status).toBe('succeeded');
    const proven = result.steps.filter(({ verdicts }) => verdicts.some((verdict) => verdict.proven));
    expect(proven.map(({ id }) => id)).toEqual(['manifest', 'inventory', 'room', 'database', 'report']);
    expect((await home.json('verify', result.bundle)).code).toBe(0);
    await room.saw('5/5');
  });

  test('tells its health and its readiness, to loopback names only', async () => {
    const health = await fetch(`${url}/healthz`);
    expect(health.status).toBe(200);
    expect(health.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await health.json()).toMatchObject({ status: 'ok' });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, database: 'ok', worker: 'ok', policies: 'ok' });
    const missing = await fetch(`${url}/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    expect(await statusFor(url, 'room.example')).toBe(403);
  });

  test('has the data directory to itself', async () => {
    const second = await home.json('start', '--port', '0');
    expect(second.code).toBe(2);
    expect(second.value).toMatchObject({ error: { code: 'DATA_DIR_IN_USE' } });
    expect(JSON.stringify(second.value)).toContain(`Process ${room.child.pid} serves it on port ${new URL(url).port}`);
  });

  test(
    'a port that is taken is named, with the way out',
    async () => {
      const { port } = new URL(url);
      const other = await newHome().json('start', '--port', port);
      expect(other.code).toBe(2);
      expect(other.value).toMatchObject({ error: { code: 'PORT_IN_USE' } });
      expect(JSON.stringify(other.value)).toContain(port);
    },
    LIMIT,
  );

  test(
    'stops when it is told to, and says so when there is nothing to stop',
    async () => {
      expect(await home.json('stop', '--wait')).toMatchObject({
        code: 0,
        value: { server: 'stopped', pid: room.child.pid },
      });
      expect((await room.finished).code).toBe(0);
      expect(existsSync(join(home.path, 'server.json'))).toBe(false);
      expect(await home.json('stop')).toMatchObject({
        code: 0,
        value: { server: 'not running', database: 'not running' },
      });
    },
    LIMIT,
  );

  test(
    'a killed server leaves a file that the next one recognises as stale',
    async () => {
      const killed = home.start(['start', '--port', '0', '--json']);
      await killed.saw('"url"', START_MS);
      killed.child.kill('SIGKILL');
      await killed.finished;
      const stale = readFileSync(join(home.path, 'server.json'), 'utf8');
      expect(JSON.parse(stale)).toMatchObject({ pid: killed.child.pid });
      // The number may belong to somebody else by now: ours, for the test.
      writeFileSync(join(home.path, 'server.json'), JSON.stringify({ ...JSON.parse(stale), pid: process.pid }));
      expect(await home.json('stop')).toMatchObject({ code: 0, value: { server: 'not running', database: 'stopped' } });
      const once = await home.json('start', '--port', '0', '--once');
      expect(once.code).toBe(0);
      expect(once.value).toMatchObject({ status: 'succeeded' });
    },
    LIMIT,
  );

  test(
    'a backup of it fills another room, and only an empty one',
    async () => {
      const file = join(home.path, 'room.backup');
      const backup = await home.json('backup', file);
      expect(backup.code).toBe(0);
      const kept = readFileSync(file);
      expect(await home.json('backup', file)).toMatchObject({ code: 2, value: { error: { code: 'USAGE' } } });
      expect(readFileSync(file)).toEqual(kept);
      expect((await home.json('backup', file, '--force')).code).toBe(0);
      const other = newHome();
      expect(await other.json('restore', file)).toMatchObject({
        code: 0,
        value: { rows: (backup.value as { rows: number }).rows },
      });
      expect((await other.json('runs')).value).toEqual((await home.json('runs')).value);
      expect(await other.json('restore', file)).toMatchObject({
        code: 2,
        value: { error: { code: 'BACKUP_UNUSABLE' } },
      });
      expect(await other.json('restore', `${file}.none`)).toMatchObject({
        code: 2,
        value: { error: { code: 'NOT_FOUND' } },
      });
      expect((await other.json('migrate', '--status')).value).toMatchObject({ now: [], pending: [] });
    },
    LIMIT,
  );
});

test(
  'Ctrl-C drains: what runs may finish, and a second one cuts it short',
  async () => {
    const home = newHome();
    const room = home.start(['start', '--port', '0', '--json'], { OPSROOM_DRAIN_MS: '600000' });
    await room.saw('"bundle"', START_MS);
    const plan = join(home.path, 'long.yaml');
    writeFileSync(
      plan,
      'title: Long\nsteps: [{ id: long, tool: shell, idempotent: true, args: { run: touch begun; sleep 600 } }]\n',
    );
    expect((await home.json('run', plan, '--detach')).code).toBe(0);
    await eventually(() => existsSync(join(home.path, 'begun')));
    room.child.kill('SIGINT');
    await room.saw('waiting up to 600 s for one run');
    room.child.kill('SIGINT');
    expect((await room.finished).code).toBe(0);
  },
  LIMIT,
);

test(
  'doctor says what the machine has, and starts nothing',
  async () => {
    const home = newHome();
    const { code, value } = await home.json('doctor');
    expect(code).toBe(0);
    const { findings } = value as { findings: { id: string; ok: boolean; mend?: string }[] };
    const ids = findings.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['node', 'binaries', 'home', 'disk', 'database', 'git', 'bash']));
    expect(findings.filter(({ ok, mend }) => !ok && mend === undefined)).toEqual([]);
    expect(existsSync(join(home.path, 'version'))).toBe(false);
    const tried = await home.json('doctor', '--start');
    expect(JSON.stringify(tried.value)).toContain('PostgreSQL 18');
    expect((await home.json('stop')).value).toMatchObject({ database: 'not running' });
  },
  LIMIT,
);

test(
  verifies('RUN-03', 'demo crash: a killed worker’s run is taken over, nothing is done twice, the proof verifies'),
  async () => {
    const { code, value } = await newHome().json('demo', 'crash');
    expect(value).toMatchObject({ ok: true, status: 'succeeded', steps: 5, effects: 5, wrong: [], proof: 'verified' });
    expect(code).toBe(0);
  },
  LIMIT,
);

test(
  verifies('RUN-16', 'workers anywhere share the runs of one PostgreSQL by setting its URL'),
  async () => {
    const database = await testDatabase({ migrated: false });
    const shared = { DATABASE_URL: database.url };
    try {
      const workers = [newHome(), newHome()].map((home) => home.start(['worker', '--json'], shared));
      await Promise.all(workers.map((worker) => worker.saw('"started"', START_MS)));
      const plan = join(process.cwd(), 'examples/for-each.yaml');
      const run = newHome().start(['run', plan, '--json'], shared);
      const { code, stdout } = await run.finished;
      expect(lastLine(stdout)).toMatchObject({ status: 'succeeded' });
      expect(code).toBe(0);
      for (const { child } of workers) child.kill('SIGTERM');
      expect((await Promise.all(workers.map(({ finished }) => finished))).map((end) => end.code)).toEqual([0, 0]);
    } finally {
      await database.close();
    }
  },
  LIMIT,
);

/** `fetch` does not let a Host header be set. */
async function statusFor(url: string, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/healthz`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}
