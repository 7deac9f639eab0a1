import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { looks } from '../harness/looks.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const EMAIL = 'ada@ops.example';
const PASSWORD = 'correct horse battery';

async function enter(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
}

describe.skipIf(noBrowser())('signing in', () => {
  let room: BrowsedRoom;
  beforeAll(async () => {
    room = await browsedRoom();
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  /** A browser that nobody has used here yet. */
  const stranger = (): Promise<BrowserContext> =>
    room.browser.newContext({ baseURL: room.url, viewport: { width: 1440, height: 900 } });

  async function link(): Promise<string> {
    const { code, value } = await room.home.json('owner-link');
    expect(code).toBe(0);
    return (value as { open: string }).open;
  }

  /** Every look of a page that a stranger comes to; nothing is refused by the page's policy. */
  async function strangerLooks(name: string, at: (page: Page) => Promise<void>): Promise<void> {
    const page = await (await stranger()).newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    await at(page);
    await looks(page, name);
    expect(refused).toEqual([]);
    await page.context().close();
  }

  test(
    'before there is an owner, says how one comes in; a link that is no good says why',
    async () => {
      await strangerLooks('sign-in-nobody', async (page) => {
        await page.goto('/runs');
        await page.getByText('This room has no owner yet').waitFor();
      });
      await strangerLooks('welcome-refused', async (page) => {
        await page.goto(`/welcome#token=opso_${'A'.repeat(43)}`);
        await page.getByText('is not known here').waitFor();
      });
      const open = await link();
      await strangerLooks('welcome-first', async (page) => {
        await page.goto(open);
        await page.getByText('Set e-mail and password now').click();
        await page.getByLabel('Password', { exact: true }).waitFor();
      });
    },
    LIMIT,
  );

  test(
    verifies('KEEP-01', 'one press behind the link, and the owner is in; the password follows in the settings'),
    async () => {
      const open = await link();
      const page = await (await stranger()).newPage();
      await page.goto(open);
      await page.getByLabel('Your name').fill('Ada');
      await page.getByRole('button', { name: 'Go in' }).click();
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
      expect(page.url()).not.toContain('opso_');

      await page.goto('/settings');
      const you = page.getByRole('region', { name: 'You', exact: true });
      await you.getByLabel('E-mail').fill(EMAIL);
      await you.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await you.getByRole('button', { name: 'Save' }).click();
      await you.getByText(`person:${EMAIL}`).waitFor();

      await page.getByRole('button', { name: /^You: Ada/ }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();

      const again = await (await stranger()).newPage();
      await again.goto(open);
      await again.getByText('The link was used already').waitFor();
    },
    LIMIT,
  );

  test(
    'a wrong password is told, the right one leads to where one wanted to go',
    async () => {
      await strangerLooks('sign-in-wrong', async (page) => {
        await page.goto('/sign-in');
        await page.getByLabel('E-mail').fill(EMAIL);
        await page.getByLabel('Password', { exact: true }).fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('E-mail or password is wrong').waitFor();
      });
      const page = await (await stranger()).newPage();
      await page.goto('/settings?from=a-link');
      await page.waitForURL(/\/sign-in\?next=/);
      await page.getByLabel('E-mail').fill(EMAIL);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      expect(new URL(page.url()).search).toBe('?from=a-link');
    },
    LIMIT,
  );

  test(
    verifies('ROOM-06', 'a key is made with scopes and expiry, shown once, listed and revoked'),
    async () => {
      const page = await (await stranger()).newPage();
      await enter(page);
      await page.goto('/settings');
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys' }).click();
      expect(new URL(page.url()).search).toBe('?part=keys');
      await page.getByText('No keys yet').waitFor();
      await page.getByRole('button', { name: 'New key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('ci');
      await dialog.getByLabel('Agent').fill('cursor');
      await dialog.getByLabel('run:start').check();
      await dialog.getByLabel('Expires').selectOption('12h');
      expect(await axeFindings(page)).toEqual([]);
      await shoot(page, 'settings-new-key');
      await dialog.getByRole('button', { name: 'Make the key' }).click();
      const key = await dialog.getByText(/^opsr_/).innerText();
      await shoot(page, 'settings-made-key');
      await dialog.getByRole('button', { name: 'I have it' }).click();
      const keys = page.getByRole('region', { name: 'API keys' });
      await keys.getByRole('cell', { name: 'ci', exact: true }).waitFor();
      await keys.getByRole('cell', { name: 'cursor', exact: true }).waitFor();
      expect(await page.content()).not.toContain(key);
      const opens = () => fetch(`${room.url}/v1/runs`, { headers: { 'x-api-key': key } });
      expect((await opens()).status).toBe(200);

      await keys.getByRole('button', { name: 'Revoke' }).click();
      await shoot(page, 'settings-revoke');
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await keys.getByText('revoked').waitFor();
      expect((await opens()).status).toBe(401);
    },
    LIMIT,
  );

  test(
    'another sign-in is ended from here, and its page is led to the door',
    async () => {
      const [here, there] = [await (await stranger()).newPage(), await (await stranger()).newPage()];
      await enter(here);
      await enter(there);
      await here.goto('/settings?part=sign-ins');
      const list = here.getByRole('region', { name: 'Where you are signed in' });
      await list.getByText('this one').waitFor();
      await shoot(here, 'settings-sign-ins');
      while ((await list.getByRole('button', { name: 'Sign out' }).count()) > 0) {
        const left = await list.getByRole('button', { name: 'Sign out' }).count();
        await list.getByRole('button', { name: 'Sign out' }).first().click();
        await expect.poll(() => list.getByRole('button', { name: 'Sign out' }).count()).toBeLessThan(left);
      }
      await there.goto('/settings');
      await there.waitForURL(/\/sign-in/);
      await strangerLooks('settings', async (page) => {
        await enter(page);
        await page.goto('/settings?part=sign-ins');
        await page.getByText('this one').waitFor();
      });
      await strangerLooks('settings-list', async (page) => {
        await enter(page);
        await page.goto('/settings');
        await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys' }).waitFor();
      });
    },
    LIMIT,
  );
});
