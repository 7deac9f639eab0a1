import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { looks } from '../harness/looks.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 180_000;
const proves = [{ id: 'there', kind: 'file', config: { path: 'there.txt' }, required: true }];
const plan = (title: string, run: string, more: object = {}, verifiers: object[] = []) => ({
  plan: {
    value: {
      apiVersion: 'opsroom/v1',
      title,
      target: { app: 'shop', environment: 'staging' },
      steps: [
        {
          id: 'a',
          tool: 'shell',
          args: { run },
          verifiers,
        },
        { id: 'b', dependsOn: ['a'], tool: 'shell', args: { run: 'true' } },
      ],
    },
  },
  ...more,
});
const MANUAL = {
  plan: {
    value: {
      apiVersion: 'opsroom/v1',
      title: 'Purge the cache',
      steps: [
        { id: 'look', kind: 'system', action: 'manual', title: 'Look', args: { instructions: 'Look at the light.' } },
      ],
    },
  },
};

describe.skipIf(noBrowser())('runs, sessions and the dashboard', () => {
  let room: BrowsedRoom;
  let db: TestDatabase;
  /** How many runs there are: beside ours the one that a new room shows. */
  let all: number;
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url });
    const start = (body: object) => room.ask('POST', '/v1/runs', body);
    await start(plan('Deploy the shop', 'echo hi > there.txt', { session: 'Move the shop' }, proves));
    await start(plan('Rotate <b>certificates</b>', 'exit 3', { session: 'Move the shop', lane: 'B' }));
    for (let n = 1; n <= 14; n++)
      await start(plan(`Nightly re-index ${n}`, n % 5 === 0 ? 'exit 1' : 'true', { lane: 'C' }));
    await start(MANUAL);
    all = await settled(17);
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await db?.close();
  }, LIMIT);

  /** Every run has ended, or waits for a person. */
  async function settled(count: number): Promise<number> {
    for (;;) {
      const { runs } = await room.ask<{ runs: { status: string }[] }>('GET', '/v1/runs?limit=100&archived=all');
      if (runs.length >= count && runs.every(({ status }) => !/queued|released|running|pausing/.test(status)))
        return runs.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function open(path: string, options?: Parameters<BrowsedRoom['person']>[0]): Promise<Page> {
    const page = await (await room.person(options)).newPage();
    await page.goto(path);
    return page;
  }
  const rows = (page: Page) => page.locator('tbody tr[data-index]');

  test(
    verifies('RUN-12', 'a filter is added, stands in the address, is saved as a view, and is taken out again'),
    async () => {
      const page = await open('/runs');
      await rows(page).first().waitFor();
      expect(await rows(page).count()).toBe(all);
      await page.keyboard.press('/');
      await page.getByLabel('Value').selectOption('failed');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.waitForURL(/status=failed/);
      await page.getByText('Rotate <b>certificates</b>').waitFor();
      await expect.poll(() => rows(page).count()).toBe(3);
      await page.getByRole('button', { name: 'Save view' }).click();
      await page.getByLabel('Name').fill('Broken');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page
        .getByRole('link', { name: /^Broken/ })
        .getByText('3')
        .waitFor();
      await page.getByRole('button', { name: 'Remove filter state is any of' }).click();
      await expect.poll(() => rows(page).count()).toBe(all);
      await page.getByRole('link', { name: /^Broken/ }).click();
      await expect.poll(() => rows(page).count()).toBe(3);
      await page.getByRole('button', { name: 'Delete view' }).click();
      await page.getByRole('link', { name: /^Broken/ }).waitFor({ state: 'detached' });
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a proof that is missing is a hole: verdicts stand in four columns',
    async () => {
      const page = await open('/runs?text=Deploy');
      const verdicts = rows(page)
        .first()
        .getByRole('img', { name: /proven/ });
      expect(await verdicts.getAttribute('aria-label')).toBe(
        '1 proven; 0 holds, not proven by this step; 1 exit code only; 0 failed',
      );
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies(
      'ROOM-07',
      'runs are chosen by the keyboard, and an action says for how many it applies before it is done',
    ),
    async () => {
      const page = await open('/runs?text=re-index');
      await rows(page).first().waitFor();
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      const bar = page.getByRole('region', { name: 'Selected runs' });
      await bar.getByText('2 selected').waitFor();
      await rows(page)
        .getByRole('checkbox', { name: /re-index 10,/ })
        .check();
      await bar.getByRole('button', { name: 'Re-run 1' }).waitFor();
      expect(await bar.innerText()).toContain('nothing of it is left to run (2)');
      await shoot(page, 'runs-bulk-1440-light');
      await bar.getByRole('button', { name: 'Archive 3' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Leaves the lists').first().waitFor();
      await shoot(page, 'runs-dialog-1440-light');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByLabel('Reason').fill('a drill');
      await dialog.getByRole('button', { name: 'Archive 3 runs' }).click();
      await dialog.getByRole('heading', { name: 'Archive: 3 done, 0 not applied, 0 failed' }).waitFor();
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await expect.poll(() => rows(page).count()).toBe(11);
      await page.goto('/runs?archived=only');
      await expect.poll(() => rows(page).count()).toBe(3);
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a run that is started elsewhere appears by itself',
    async () => {
      const page = await open('/runs?text=newcomer');
      await page.getByText('No run fits these filters.').waitFor();
      const views = page.getByRole('navigation', { name: 'Saved views' });
      await views.getByRole('link', { name: /^All/ }).waitFor();
      expect(await views.locator('[aria-current]').count()).toBe(0);
      await room.ask('POST', '/v1/runs', plan('The newcomer', 'true'));
      await rows(page).getByText('The newcomer').waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'a long list scrolls, page by page, and draws only what is near',
    async () => {
      await db.database.engine.query(
        `insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, workspace, started_at, ended_at, created_at)
         select org_id, gen_random_uuid(), plan_digest, 'Old ' || n, '{}', inputs_digest, '{}', 'D', requested_by, 'cancelled', '{"kind":"temp","path":"/tmp"}', at, at, at
         from (select * from opsroom.runs limit 1) r, generate_series(1, 400) n, lateral (select now() - interval '1 day' - n * interval '1 minute' as at) t`,
      );
      const page = await open('/runs?text=Old');
      await rows(page).first().waitFor();
      for (let turn = 0; turn < 60 && !(await page.getByText('Old 400', { exact: true }).isVisible()); turn++) {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        await page.waitForTimeout(50);
      }
      await page.getByText('Old 400', { exact: true }).waitFor();
      expect(await rows(page).count()).toBeLessThan(80);
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('RUN-12', 'a session shows its runs, is renamed and archived'),
    async () => {
      const page = await open('/sessions');
      await page.getByRole('link', { name: 'Move the shop' }).click();
      await page.getByRole('link', { name: '2 runs' }).waitFor();
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByLabel('What it is for').fill('No downtime');
      await page.getByRole('button', { name: 'Rename' }).last().click();
      await page.getByText('No downtime').waitFor();
      await page.getByRole('button', { name: 'Archive' }).click();
      await page.getByRole('button', { name: 'Open again' }).click();
      await page.getByRole('button', { name: 'Archive' }).waitFor();
      await page.getByRole('link', { name: '2 runs' }).click();
      await expect.poll(() => rows(page).count()).toBe(2);
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies(
      'ROOM-05',
      'the dashboard shows figures against their targets, and none where there is not enough to tell',
    ),
    async () => {
      const page = await open('/dashboard?window=24h');
      const figure = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
      await figure('Runs that succeed').getByText('missed').waitFor();
      expect(await figure('Uptime').innerText()).toMatch(/not enough minutes yet: \d+ of 60/);
      await page.getByText('As a table').first().click();
      await page.getByRole('columnheader', { name: 'rolled back' }).waitFor();
      await page.getByRole('button', { name: '30 days' }).click();
      await page.waitForURL(/window=30d/);
      await page.context().close();
    },
    LIMIT,
  );

  const PAGES = [
    ['runs', '/runs', 'tbody tr[data-index]'],
    ['runs-empty', '/runs?text=zzz', 'h2'],
    ['sessions', '/sessions', 'tbody tr'],
    ['session', '/sessions?session=Move%20the%20shop', 'dl'],
    ['dashboard', '/dashboard', 'figcaption'],
  ] as const;
  test.each(PAGES)(
    verifies('ROOM-07', '%s: axe finds nothing, and nothing scrolls sideways'),
    async (name, path, ready) => {
      const page = await open(path);
      await looks(page, name, { shows: page.locator(ready) });
      await page.context().close();
    },
    LIMIT,
  );

  test(
    'what a rollback left undone stays with what needs a person, in words of its own',
    async () => {
      const fails = { tool: 'shell', args: { run: 'exit 1' } };
      const undone = { id: 'a', tool: 'shell', args: { run: 'true' }, rollback: [{ id: 'undo', ...fails }] };
      const steps = [undone, { id: 'b', dependsOn: ['a'], ...fails }];
      const value = { apiVersion: 'opsroom/v1', title: 'Half taken back', onFailure: 'rollback', steps };
      await room.ask('POST', '/v1/runs', { plan: { value } });
      await settled(all + 1);
      for (const [width, theme] of [
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        const page = await open('/runs?needsPerson=true', { width, theme });
        const row = page.locator('tbody tr', { hasText: 'Half taken back' });
        await row.getByText('failed, not all undone').waitFor();
        await shoot(page, `runs-not-undone-${width}-${theme}`);
        expect(await axeFindings(page)).toEqual([]);
        expect(await widthOf(page)).toBe(width);
        await page.goto('/');
        const strip = page.locator('[data-run]', { hasText: 'Half taken back' });
        await strip.getByRole('img', { name: 'failed, not all undone' }).waitFor();
        await shoot(page, `board-not-undone-${width}-${theme}`);
        expect(await widthOf(page)).toBe(width);
        await page.context().close();
      }
    },
    LIMIT,
  );
});
