import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, browsedRoom, noBrowser } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Look, looks } from '../harness/looks.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 180_000;
/** What would show the rest of a title from right to left. */
const TURN = '\u202E';

describe.skipIf(noBrowser())('the approvals inbox', () => {
  let room: BrowsedRoom;
  let db: TestDatabase;
  let key: string;
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url });
    const scopes = ['run:read', 'run:start', 'intent:propose'];
    ({ key } = await room.ask<{ key: string }>('POST', '/v1/keys', { name: 'gpt-ops', agent: 'gpt', scopes }));
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await db?.close();
  }, LIMIT);

  const asked = (title: string, note = 'one') => ({
    intent: 'look at it',
    target: 'production',
    reason: 'It <b>was</b> slow.',
    plan: {
      value: {
        apiVersion: 'opsroom/v1',
        title,
        target: { app: 'shop', environment: 'production', allowAddresses: [new URL(room.url).host] },
        steps: [
          {
            id: 'look',
            title: `Look <img src=x> ${TURN}at it`,
            tool: 'http',
            args: { method: 'GET', url: `${room.url}/healthz`, headers: { 'x-note': note } },
            verifiers: [{ id: 'up', kind: 'http', config: { url: `${room.url}/healthz`, expectedStatus: 200 } }],
          },
        ],
      },
    },
  });

  /** Asks as the agent does. */
  async function propose(title: string, note?: string): Promise<string> {
    const answer = await fetch(`${room.url}/v1/intents`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(asked(title, note)),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { intentId: string }).intentId;
  }

  async function open(path: string, options: Parameters<BrowsedRoom['person']>[0] = {}): Promise<Page> {
    const page = await (await room.person(options)).newPage();
    await page.goto(path);
    return page;
  }
  const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const button = (page: Page, name: string) => page.getByRole('button', { name }).first();

  test(
    verifies(
      'ROOM-04',
      'an agent proposes, and it appears with arguments and policy; a person approves with a reason, and is led to the run',
    ),
    async () => {
      const page = await open('/approvals');
      await page.getByText('Nothing waits for approval').waitFor();
      await page.getByText('npx opsroom propose examples/deploy.yaml --input ref=v1.2.3').waitFor();
      await propose('Look at production');
      await section(page, 'For you').getByText('Look at production').waitFor();
      await section(page, 'Why you are asked').getByText('production-approved', { exact: true }).waitFor();
      expect(await section(page, 'Why you are asked').innerText()).toContain('target: production');
      expect(await section(page, 'Arguments, as rendered').innerText()).toMatch(/x-note\s+one/);
      const steps = await section(page, 'What will happen').innerText();
      expect(steps).toContain('Look <img src=x> ‹U+202E›at it');
      expect(steps).toContain('up (http)');
      expect(await button(page, 'Approve and run').getAttribute('aria-disabled')).toBe('true');
      await page.getByText('Give a reason first.', { exact: false }).last().waitFor();
      await page.getByLabel('Reason').fill('It only looks.');
      await button(page, 'Approve and run').click();
      await page.getByRole('link', { name: 'Open the run' }).waitFor();
      await section(page, 'Said so far').getByText('It only looks.').waitFor();
      await page.locator('output', { hasText: 'succeeded' }).waitFor();
      await page.getByRole('link', { name: 'Open the run' }).click();
      await page.getByRole('heading', { name: 'Look at production' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-04', 'what differs from the last run here is told, and a rejection ends it for everybody who looks'),
    async () => {
      const id = await propose('Look at production', 'two');
      const page = await open(`/approvals?intent=${id}`);
      const changed = section(page, 'Changed since the last run here');
      await changed.getByText('args.headers.x-note').waitFor();
      expect(await changed.innerText()).toMatch(/one[\s\S]*two/);
      await section(page, 'Before, on this target').getByText('proven').waitFor();
      await page.getByLabel('Reason').fill('Not on a Friday.');
      await button(page, 'Reject').click();
      await page.locator('output', { hasText: 'rejected' }).waitFor();
      expect(await page.getByRole('form', { name: 'Decide' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Decided' }).click();
      await page.getByText('Not on a Friday.').first().waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-04', 'what one asked for oneself says why one cannot approve it, and can be withdrawn'),
    async () => {
      await room.ask('POST', '/v1/intents', asked('My own'));
      const page = await open('/approvals');
      await section(page, 'For others').getByText('My own').waitFor();
      await section(page, 'For others').getByText('Nobody approves what they asked for themselves').waitFor();
      await page.getByRole('link', { name: 'My own' }).click();
      await page.getByRole('heading', { name: 'My own' }).waitFor();
      await page.getByLabel('Reason').fill('I say so.');
      const approve = button(page, 'Approve');
      expect(await approve.getAttribute('aria-disabled')).toBe('true');
      expect(await approve.getAttribute('title')).toContain('Nobody approves');
      await button(page, 'Withdraw').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
      await page.locator('output', { hasText: 'withdrawn' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-04', 'the address that the command line prints leads to what waits'),
    async () => {
      await writeFile(join(room.home.path, 'release.json'), JSON.stringify(asked('Released by hand').plan.value));
      const going = room.home.start(['run', 'release.json'], { DATABASE_URL: db.url });
      await going.saw('Somebody else answers it at', LIMIT);
      going.child.kill('SIGINT');
      const { stdout, stderr } = await going.finished;
      const { pathname, search } = new URL(/answers it at (\S+?),/.exec(stdout + stderr)?.[1] ?? '');
      const page = await open(`${pathname}${search}`);
      await page.getByRole('heading', { name: 'Released by hand' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-04', 'what looks like a mark of the room is shown as the text that it is'),
    async () => {
      const page = await open(`/approvals?intent=${await propose('Look closely', '‹secret:DEPLOY_HOOK›')}`);
      const shown = section(page, 'Arguments, as rendered');
      await shown.getByText('‹U+2039›secret:DEPLOY_HOOK›').waitFor();
      expect(await shown.getByText('secret DEPLOY_HOOK', { exact: true }).count()).toBe(0);
      await page.context().close();
    },
    LIMIT,
  );

  const ready = (page: Page, name: 'list' | 'detail' | 'decided') =>
    name === 'detail'
      ? section(page, 'Arguments, as rendered').getByText('720 more characters')
      : section(page, name === 'list' ? 'For you' : 'Decided')
          .getByRole('link')
          .first();
  test.each([
    ['list', '/approvals'],
    ['detail', '/approvals'],
    ['decided', '/approvals?list=decided'],
  ] as const)(
    verifies('ROOM-04', 'axe finds nothing, nothing scrolls sideways, and the decision is in reach (%s)'),
    async (name, path) => {
      const id = await propose(`A title that goes on ${'and on '.repeat(12)}`, 'long'.repeat(300));
      const page = await open(name === 'detail' ? `${path}?intent=${id}` : path);
      const inReach = async ({ width, height }: Look) => {
        const box = await button(page, 'Approve and run').boundingBox();
        const bottom = (box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0);
        expect(bottom).toBeLessThanOrEqual(width === 360 ? 724 : height);
      };
      const more = name === 'detail' ? { more: inReach } : {};
      await looks(page, `approvals-${name}`, { shows: ready(page, name), ...more });
      await page.context().close();
    },
    LIMIT,
  );
});
