import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Proxy } from '../faults/proxy.js';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const HOSTILE = '<img src=x onerror="window.struck=1"> Deploy <b>the</b> shop';

const shell = (id: string, run: string, more: object = {}) => ({ id, tool: 'shell', args: { run }, ...more });
const strip = (page: Page, title: string): Locator => page.locator('[data-run]', { hasText: title }).first();

describe.skipIf(noBrowser())('the Runboard', () => {
  let room: BrowsedRoom;
  beforeAll(async () => {
    room = await browsedRoom();
  }, LIMIT);
  afterAll(async () => {
    await writeFile(join(room.home.path, 'go'), '');
    await room.close();
  }, LIMIT);

  const there = { verifiers: [{ id: 'there', kind: 'file', config: { path: 'made' } }] };
  const make = shell('make', 'touch made', there);
  /** A step that lasts until the tests are over. */
  const held = () =>
    shell('hold', `until [ -e '${join(room.home.path, 'go')}' ]; do sleep 0.1; done`, { dependsOn: ['make'] });
  const look = {
    id: 'look',
    title: 'Look at the shop',
    kind: 'system',
    action: 'manual',
    args: { instructions: 'Compare the two pictures.' },
    dependsOn: ['make'],
  };

  async function start(title: string, lane: string, steps: object[], target = { app: 'shop', environment: 'staging' }) {
    const value = { apiVersion: 'opsroom/v1', title, target, steps };
    return room.ask<{ runId: string }>('POST', '/v1/runs', { plan: { value }, lane });
  }

  async function open(options?: Parameters<BrowsedRoom['person']>[0]): Promise<Page> {
    const page = await (await room.person(options)).newPage();
    await page.goto('/');
    await page.getByRole('heading', { name: 'Runboard' }).waitFor();
    return page;
  }

  test(
    verifies('ROOM-01', 'of an empty room teaches the next step; a run then appears and is proven without a reload'),
    async () => {
      await eventually(
        async () => (await room.ask<{ runs: object[] }>('GET', '/v1/runs?status=succeeded')).runs.length === 1,
      );
      await room.ask('POST', '/v1/runs/last/archive', {}); // what a new room has run by itself
      const page = await open();
      await page.getByText('npx opsroom run examples/first-run.md').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await shoot(page, 'runboard-empty-1440-light');
      await start('Say hello', 'A', [make]);
      await strip(page, 'Say hello').getByRole('img', { name: 'proven' }).waitFor();
      await page.getByRole('region', { name: 'Latest events' }).getByText('Say hello · make').waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-01', 'names the cause when work waits, and what needs a person, with where to go'),
    async () => {
      const page = await open();
      for (let n = 1; n <= 4; n++) await start(`Migrate orders ${n}`, 'B', [make, held()]);
      for (let n = 1; n <= 3; n++) await start(`Import price list ${n}`, 'B', [make]);
      await page.getByText('Lane B is full').waitFor();
      await strip(page, 'Import price list 3').getByText('3rd').waitFor();
      expect(await page.getByRole('region', { name: 'Lane B' }).innerText()).toMatch(/4\/4\s+3 queued/);

      await start('Update the press site', 'C', [make, look], { app: 'press', environment: 'staging' });
      await page.getByText('Waiting for you').waitFor();
      const needs = page.getByRole('region', { name: 'Needs you' });
      await needs.getByText('Compare the two pictures.').waitFor();
      await needs.getByRole('link', { name: /Open step/ }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}\?step=look/);
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-01', 'tells a person from a clock while a run goes on, and says it as lists and its page do'),
    async () => {
      const settle = { id: 'settle', kind: 'system', action: 'wait', args: { durationMs: 3_600_000 } };
      const asks = await start('Restore and compare', 'D', [make, held(), look]);
      const waits = await start('Restore and let settle', 'D', [make, held(), settle]);
      for (const [width, theme] of [
        [1280, 'light'],
        [1280, 'dark'],
        [390, 'light'],
        [390, 'dark'],
      ] as const) {
        const page = await open({ width, theme });
        await strip(page, 'Restore and compare').getByRole('img', { name: 'running, asks a person' }).waitFor();
        await strip(page, 'Restore and let settle').getByRole('img', { name: 'running', exact: true }).waitFor();
        const needs = page.getByRole('region', { name: 'Needs you' });
        await needs.locator(`[data-need="${asks.runId}"]`).waitFor();
        await shoot(page, `runboard-beside-${width}-${theme}`);
        expect(await axeFindings(page), `${width} ${theme}`).toEqual([]);
        expect(await widthOf(page)).toBe(width);
        await page.goto('/runs?needsPerson=true');
        const row = page.locator('tbody tr', { hasText: 'Restore and compare' });
        await row.getByText('running, asks a person').waitFor();
        expect(await page.locator('tbody tr', { hasText: 'Restore and let settle' }).count()).toBe(0);
        await shoot(page, `runs-beside-${width}-${theme}`);
        expect(await widthOf(page)).toBe(width);
        await page.goto(`/runs/${asks.runId}`);
        await page.getByText('running, asks a person').first().waitFor();
        await page.getByText('Compare the two pictures.').first().waitFor();
        await shoot(page, `run-beside-${width}-${theme}`);
        expect(await widthOf(page)).toBe(width);
        await page.context().close();
      }
      for (const { runId } of [asks, waits]) await room.ask('POST', `/v1/runs/${runId}/cancel`, {});
    },
    LIMIT,
  );

  test('cuts what is too long at its end, also where it is written from right to left, and says whole what happened', async () => {
    const page = await open();
    const title = 'إعادة تشغيل قاعدة بيانات المتجر ثم التحقق من أن كل الخدمات تعمل كما ينبغي قبل إبلاغ الفريق';
    await start(title, 'D', [make]);
    await strip(page, title).getByRole('img', { name: 'proven' }).waitFor();
    const begins = await strip(page, title)
      .getByTitle(title)
      .evaluate((cut) => {
        const first = cut.ownerDocument.createRange();
        first.setStart(cut.firstChild ?? cut, 0);
        first.setEnd(cut.firstChild ?? cut, 1);
        const [box, letter] = [cut.getBoundingClientRect(), first.getBoundingClientRect()];
        return letter.left >= box.left && letter.right <= box.right;
      });
    expect(begins).toBe(true);
    const happened = page.getByRole('region', { name: 'Latest events' }).getByText('· make', { exact: true }).first();
    expect(await happened.evaluate((what) => what.scrollWidth <= what.clientWidth)).toBe(true);
    await shoot(page, 'runboard-right-to-left-1440');
    await page.context().close();
  });

  test('shows titles as the text that they are', async () => {
    const page = await open();
    await start(HOSTILE, 'D', [shell('fail', 'echo "\u001b[31mno" >&2; exit 3')], {
      app: 'shop',
      environment: 'staging',
    });
    await strip(page, HOSTILE).getByRole('img', { name: 'failed' }).waitFor();
    expect(await page.evaluate('window.struck')).toBeUndefined();
    await page.context().close();
  });

  test(
    verifies('ROOM-07', 'has nothing that axe finds, in both themes and on a phone, and never scrolls sideways'),
    async () => {
      await start('Back up the media library', 'C', [shell('copy', 'true'), shell('pack', 'true')]);
      const undo = { rollback: [{ id: 'undo', title: 'Undo', tool: 'shell', args: { run: 'rm -f made' } }] };
      await start('Toggle the banner', 'D', [{ ...make, ...undo }, shell('check', 'exit 1', { dependsOn: ['make'] })]);
      await start('A title so long that no strip of any lane could ever have the room to show the whole of it', 'A', [
        make,
        held(),
      ]);
      const sizes = [
        [1440, 'light'],
        [1440, 'dark'],
        [1000, 'dark'],
        [360, 'light'],
        [360, 'dark'],
        [2560, 'dark'],
      ] as const;
      for (const [width, theme] of sizes) {
        const page = await open({ width, theme });
        await strip(page, 'Toggle the banner').getByRole('img', { name: 'rolled back' }).waitFor();
        expect(await axeFindings(page), `${width} ${theme}`).toEqual([]);
        expect(await widthOf(page), `${width} ${theme}`).toBeLessThanOrEqual(width);
        await shoot(page, `runboard-${width}-${theme}`);
        await page.context().close();
      }
    },
    LIMIT,
  );

  test(
    verifies('ROOM-01', 'catches up after the connection was lost'),
    async () => {
      const wire = await Proxy.start(room.url);
      const page = await (await room.person({ height: 300 })).newPage();
      await page.goto(wire.url);
      await page.getByText('Live', { exact: true }).waitFor();
      wire.cut();
      const lost = page.getByText('Connection lost.');
      await lost.waitFor();
      // In sight wherever the page is scrolled to: below the bar and not behind it.
      await page.evaluate('scrollTo(0, 100)');
      const [bar, said] = [await page.locator('header').first().boundingBox(), await lost.boundingBox()];
      expect(said?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0));
      await start('Meanwhile', 'A', [make]);
      // On a phone the bar has room for all that is in it.
      await page.setViewportSize({ width: 360, height: 780 });
      const you = await page.getByRole('button', { name: /^You:/ }).boundingBox();
      expect(you?.width).toBe(you?.height);
      wire.mend();
      await strip(page, 'Meanwhile').getByRole('img', { name: 'proven' }).waitFor();
      await lost.waitFor({ state: 'hidden' });
      await page.context().close();
      await wire.close();
    },
    LIMIT,
  );

  test('goes by the room’s clock when the browser’s is wrong', async () => {
    const person = await room.person();
    await person.addInitScript('{ const real = Date.now; Date.now = () => real() + 7200000; }');
    const page = await person.newPage();
    await page.goto('/');
    await strip(page, 'Migrate orders 1').waitFor();
    // Two hours ahead, it would show 2:00:01 and more.
    await eventually(async () =>
      /(?<!:)\b\d{1,2}:\d\d$/.test((await strip(page, 'Migrate orders 1').innerText()).trim()),
    );
    await person.close();
  });

  test('is used by keys alone', async () => {
    const page = await open();
    await strip(page, 'Migrate orders 1').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: /Follow now/ }).waitFor();
    await page.keyboard.press(',');
    expect(new URL(page.url()).searchParams.get('at')).not.toBeNull();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: /Following now/ }).waitFor();
    await page.keyboard.press('-');
    await eventually(() => new URL(page.url()).searchParams.get('window') === '6h');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.context().close();
  });

  test('of many runs shows the first of each kind, and counts the rest', async () => {
    for (let n = 0; n < 40; n++) await start(`In line ${n}`, 'B', [make]);
    const page = await open({ theme: 'dark' });
    await page.getByRole('region', { name: 'Lane B' }).getByText('35 more queued').waitFor();
    expect(await page.getByRole('region', { name: 'Lane B' }).locator('[data-run]').count()).toBeLessThan(25);
    await shoot(page, 'runboard-many-1440-dark');
    await page.context().close();
  });
});
