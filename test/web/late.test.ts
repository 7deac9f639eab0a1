import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, browsedRoom, noBrowser } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { eventually } from '../harness/processes.js';

const LIMIT = 120_000;
const NOTHING = { id: 'nothing', tool: 'shell', args: { run: 'true' } };
const LOOK = { id: 'look', kind: 'system', action: 'manual', args: { instructions: 'Look at it.' } };

describe.skipIf(noBrowser())('what comes after a page has stopped listening for it', () => {
  let db: TestDatabase;
  let room: BrowsedRoom;
  let holder: Client;
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url });
    holder = new Client({ connectionString: db.superuserUrl });
    await holder.connect();
    // Its events would have the pages look again for another reason.
    await eventually(firstIsSealed, 60_000);
  }, LIMIT);
  afterAll(async () => {
    await holder?.end();
    await room?.close();
    await db?.close();
  }, LIMIT);

  const start = async (plan: object): Promise<string> =>
    (await room.ask<{ runId: string }>('POST', '/v1/runs', { plan: { value: plan } })).runId;

  const isSealed = async (runId: string): Promise<boolean> =>
    (await room.ask<{ sealed: object | null }>('GET', `/v1/runs/${runId}/chain`)).sealed !== null;
  const firstIsSealed = async (): Promise<boolean> => {
    const { runs } = await room.ask<{ runs: { runId: string }[] }>('GET', '/v1/runs');
    return runs[0] !== undefined && isSealed(runs[0].runId);
  };

  test(
    'the last lines of a log whose stream is behind are read when its attempt is over',
    async () => {
      const go = join(room.home.path, 'go');
      const run = `echo first; until [ -e '${go}' ]; do sleep 0.05; done; echo last`;
      const runId = await start({ title: 'Speak', steps: [{ id: 'speak', tool: 'shell', args: { run } }] });
      const page = await (await room.person()).newPage();
      await page.route('**/logs/stream?**', () => undefined); // it never answers
      await page.goto(`/runs/${runId}?step=speak&tab=logs`);
      const log = page.getByRole('region', { name: 'Log of speak, attempt 1' });
      await log.getByText('first').waitFor();
      await writeFile(go, '');
      await log.getByText('last').waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a seal that comes while the rest of a long chain is read',
    async () => {
      const runId = await start({
        title: 'Look twice',
        steps: [NOTHING, { ...LOOK, dependsOn: ['nothing'] }],
      });
      const page = await (await room.person()).newPage();
      let lateFrom = Number.POSITIVE_INFINITY;
      const held: (() => void)[] = [];
      // A chain of several pages without its hundreds of records; what follows the first is late at first.
      await page.route('**/chain?**', async (route) => {
        const url = route.request().url().replace('limit=500', 'limit=1');
        const answer = await route.fetch({ url });
        if (Number(new URL(url).searchParams.get('after')) >= lateFrom)
          await new Promise<void>((resolve) => held.push(resolve));
        await route.fulfill({ response: answer }).catch(() => undefined); // nobody waits for it any more
      });
      const isNext = (request: Request) => request.url().includes('/chain?after=1&');
      const isAnew = (request: Request) => request.url().includes('/chain?after=-1&');
      await page.goto(`/runs/${runId}/proof`);
      await page.getByText('not sealed: seals when the run ends').waitFor();
      await page.getByText('unbroken').waitFor();
      await holder.query('begin; lock table opsroom.bundles in share mode');
      try {
        const next = page.waitForRequest(isNext);
        lateFrom = 1;
        await room.ask('POST', `/v1/runs/${runId}/confirm`, { step: 'look', reason: 'seen' });
        await next;
      } finally {
        const anew = page.waitForRequest(isAnew);
        await holder.query('commit');
        await anew;
      }
      for (const go of held) go();
      await page.getByText('signed by the enclosed key').waitFor();
      expect(await page.getByText('not yet: a worker seals it').count()).toBe(0);
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a run that begins before the stream of the list of runs does',
    async () => {
      const before = await start({ title: 'Begin before', steps: [NOTHING] });
      await eventually(() => isSealed(before));
      const page = await (await room.person()).newPage();
      const held: (() => void)[] = [];
      await page.route('**/v1/events?**', async (route) => {
        await new Promise<void>((resolve) => held.push(resolve));
        await route.continue();
      });
      await page.goto('/runs');
      await page.getByRole('link', { name: 'Begin before' }).waitFor();
      await expect.poll(() => held.length).toBeGreaterThan(0);
      const runId = await start({ title: 'Begin in between', steps: [NOTHING] });
      // Nothing more happens to it then.
      await eventually(() => isSealed(runId));
      for (const go of held) go();
      await page.getByRole('link', { name: 'Begin in between' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a run that begins while the list of runs is read for the first time',
    async () => {
      const page = await (await room.person()).newPage();
      const held: (() => void)[] = [];
      await page.route('**/v1/runs?**', async (route) => {
        const answer = await route.fetch();
        if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve));
        await route.fulfill({ response: answer });
      });
      await page.goto('/runs');
      await expect.poll(() => held.length).toBe(1);
      // What it is told of is taken in when its views are read again.
      const told = page.waitForRequest((request) => request.url().endsWith('/v1/views'));
      const runId = await start({ title: 'Begin meanwhile', steps: [NOTHING] });
      await eventually(() => isSealed(runId));
      await told;
      for (const go of held) go();
      await page.getByRole('link', { name: 'Begin meanwhile' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );
});
