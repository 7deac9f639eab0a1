import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, beyond, browsedRoom, noBrowser } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { looks as everyLook } from '../harness/looks.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const PLAN = {
  apiVersion: 'opsroom/v1',
  title: 'Deploy the shop',
  concurrencyKey: 'deploy-shop',
  steps: [{ id: 'wait', kind: 'system', action: 'manual', args: { instructions: 'Look at it.' } }],
};

/** Each part of the settings by its address: what shows that it is there, and the buttons behind which dialogs are. */
const PARTS = [
  ['you', 'Known as', []],
  ['sign-ins', 'Nobody is signed in here: a key is.', []],
  ['editors', 'Editors', []],
  ['members', 'Members', ['Invite']],
  ['keys', 'nightly-key', ['New key', 'Revoke']],
  ['secrets', 'DEPLOY_HOOK', ['New secret', 'Import', 'Replace', 'Remove']],
  ['schedules', 'nightly', ['New schedule', 'Times', 'Remove']],
  ['webhooks', 'shop-push', ['New webhook', 'Events', 'New secret', 'Remove']],
  ['mcp', 'MCP servers', ['New MCP server']],
  ['limits', 'Runs at once in lane A', []],
  ['notifications', 'team', ['New rule', 'Remove']],
  ['audit', 'call.schedules.create', ['call.schedules.create']],
] as const;

/** Every look, with all of its buttons in reach. */
const looks = (page: Page, name: string) =>
  everyLook(page, `settings-${name}`, {
    more: async ({ width }) => expect(await beyond(page, 'main button'), `${name} ${width}`).toEqual([]),
  });

describe.skipIf(noBrowser())('the settings', () => {
  let room: BrowsedRoom;
  let db: TestDatabase;
  let page: Page;
  let hook: { url: string; secret: string };
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url });
    await writeFile(join(room.home.path, 'deploy.json'), JSON.stringify(PLAN));
    const plan = { follow: 'deploy.json' };
    const post = <T>(path: string, body: object) => room.ask<T>('POST', path, body);
    await post('/v1/keys', { name: 'nightly-key', scopes: ['run:read'] });
    await post('/v1/secrets', { name: 'DEPLOY_HOOK', value: 'some-value', environment: 'staging' });
    await post('/v1/secrets', {
      name: 'THE_LONG_NAME_OF_A_SECRET_OF_THE_SHOP',
      value: 'another',
      environment: 'staging',
    });
    await post('/v1/schedules', { name: 'nightly', cron: '30 2 * * *', zone: 'Europe/Berlin', plan });
    hook = await post('/v1/webhooks', { name: 'shop-push', form: 'github', plan });
    await post('/v1/notification-rules', {
      name: 'team',
      place: { kind: 'email', to: ['ops@ops.example'], from: 'room@ops.example', smtpSecret: 'DEPLOY_HOOK' },
      events: ['run.failed'],
      only: {},
      quiet: null,
    });
    await deliver();
    page = await (await room.person()).newPage();
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await db?.close();
  }, LIMIT);

  /** As GitHub does. */
  async function deliver(): Promise<void> {
    const body = JSON.stringify({ after: 'abc' });
    const answer = await fetch(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-hub-signature-256': `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`,
      },
      body,
    });
    expect(answer.status, await answer.text()).toBeLessThan(300);
  }

  async function open(part: string): Promise<void> {
    await page.goto(`/settings?part=${part}`);
    await page.getByRole('heading', { level: 2 }).first().waitFor();
  }
  const dialog = () => page.getByRole('dialog');
  const press = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true }).first().click();

  /** Holds back the answers to what is posted there until `go` is called, and counts what was posted. */
  async function held(path: string): Promise<{ go: () => void; posted: () => number }> {
    let posted = 0;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route(path, async (route) => {
      if (route.request().method() === 'POST') {
        posted += 1;
        await gate;
      }
      await route.continue();
    });
    return { go: () => go(), posted: () => posted };
  }

  test('each part has its row here', async () => {
    await open('you');
    const links = await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').all();
    const parts = await Promise.all(links.map(async (link) => (await link.getAttribute('href'))?.split('part=')[1]));
    expect(parts, 'add to PARTS above, with what shows that it is there and its dialogs').toEqual(
      PARTS.map(([part]) => part),
    );
  });

  test.each(PARTS)(
    verifies('ROOM-06', 'part %s and its dialogs: axe finds nothing, and nothing is wider than the window'),
    async (part, shown, buttons) => {
      await open(part);
      await page.getByText(shown).first().waitFor();
      await looks(page, part);
      for (const name of buttons) {
        await press(name);
        await dialog().waitFor();
        await looks(page, `${part}-${name.toLowerCase().replaceAll(' ', '-')}`);
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
      }
    },
    LIMIT,
  );

  test(
    verifies('ROOM-06', 'a webhook is made once however often one clicks, and its secret stays until somebody has it'),
    async () => {
      await open('webhooks');
      const { go, posted } = await held('**/v1/webhooks');
      await press('New webhook');
      await dialog().getByLabel('Name').fill('shop-tags');
      await dialog().getByLabel('Plan or runbook').fill('deploy.json');
      await dialog().getByRole('button', { name: 'Make the webhook' }).dblclick();
      await page.keyboard.press('Escape');
      go();
      await dialog().getByText('The secret is shown this once.').waitFor();
      expect(posted()).toBe(1);
      await page.keyboard.press('Escape');
      await page.mouse.click(5, 5);
      await dialog().getByRole('button', { name: 'I have them' }).click();
      await dialog().waitFor({ state: 'detached' });
      await page.getByRole('row', { name: /shop-tags/ }).waitFor();
      await page.unroute('**/v1/webhooks');
    },
    LIMIT,
  );

  test(
    verifies('ROOM-06', 'an event that is delivered again starts one run, and its webhook tells its address'),
    async () => {
      await open('webhooks');
      await page
        .getByRole('row', { name: /shop-push/ })
        .getByRole('button', { name: 'Events' })
        .click();
      await dialog().getByText(hook.url).waitFor();
      const { go, posted } = await held('**/redeliver');
      await dialog().getByRole('button', { name: 'Again' }).first().dblclick();
      go();
      await expect.poll(() => dialog().getByRole('link', { name: 'started' }).count()).toBe(2);
      expect(posted()).toBe(1);
      await dialog().getByRole('link', { name: 'started' }).first().click();
      await page.getByRole('heading', { name: 'Deploy the shop' }).waitFor();
      await page.unroute('**/redeliver');
    },
    LIMIT,
  );

  test(
    verifies('ROOM-06', 'what was typed into the limits stays when runs come and go, and is what is saved'),
    async () => {
      await open('limits');
      const lane = page.getByLabel('Runs at once in lane C');
      await lane.fill('17');
      await room.ask('POST', '/v1/runs', { plan: { value: { ...PLAN, concurrencyKey: 'deploy-other' } } });
      // What was read within the last five seconds is not read again.
      const comesBack = async () => {
        await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
        return page.getByText('deploy-other').count();
      };
      await expect.poll(comesBack, { timeout: 20_000 }).toBe(1);
      expect(await lane.inputValue()).toBe('17');
      const asked = page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/v1/limits'),
      );
      await page.getByRole('button', { name: 'Save the limits' }).click();
      expect((await asked).postDataJSON()).toEqual({ lanes: { C: 17 } });
      await page.getByText('The limits are changed.', { exact: true }).waitFor();
    },
    LIMIT,
  );
});
