import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { looks } from '../harness/looks.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const PASSWORD = 'correct horse battery';

describe.skipIf(noBrowser())('members', () => {
  let room: BrowsedRoom;
  let ada: Page;
  beforeAll(async () => {
    room = await browsedRoom();
    const { value } = await room.home.json('owner-link');
    ada = await (await browser()).newPage();
    await ada.goto((value as { open: string }).open);
    await ada.getByLabel('Your name').fill('Ada');
    await ada.getByRole('button', { name: 'Go in' }).click();
    await ada.getByRole('navigation', { name: 'Main' }).waitFor();
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  const browser = (width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<BrowserContext> =>
    room.browser.newContext({ baseURL: room.url, viewport: { width, height: 900 }, colorScheme });

  test(
    verifies('ROOM-06', 'somebody is invited, comes by the link, is given a role and taken out'),
    async () => {
      await ada.goto('/settings?part=members');
      await ada.getByRole('button', { name: 'Invite' }).click();
      const dialog = ada.getByRole('dialog');
      await dialog.getByLabel('E-mail').fill('bea@ops.example');
      await dialog.getByLabel('Role').selectOption('viewer');
      expect(await axeFindings(ada)).toEqual([]);
      await shoot(ada, 'members-invite');
      await dialog.getByRole('button', { name: 'Make the link' }).click();
      const link = await dialog.getByText(/\/join#token=opsi_/).innerText();
      await dialog.getByRole('button', { name: 'I have it' }).click();
      await ada.getByRole('region', { name: 'Invitations' }).getByText('bea@ops.example').waitFor();

      const bea = await (await browser()).newPage();
      await bea.goto(link);
      await bea.getByRole('heading', { name: 'Join Local' }).waitFor();
      await looks(bea, 'join');
      await bea.getByLabel('Your name').fill('Bea');
      await bea.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await bea.getByRole('button', { name: 'Join' }).click();
      await bea.getByRole('navigation', { name: 'Main' }).waitFor();
      expect(bea.url()).not.toContain('opsi_');
      await bea.goto('/settings?part=keys');
      await bea.getByText('API keys: not for you').waitFor();

      await ada.reload();
      const role = ada.getByLabel('Role of bea@ops.example');
      await role.selectOption('operator');
      await ada.getByText('Saved.', { exact: true }).waitFor();
      await looks(ada, 'members');

      // Somebody who has keys loses those that may do more with the role, and whoever takes it away hears which.
      expect((await room.home.json('members', 'role', 'bea@ops.example', 'owner')).code).toBe(0);
      const key = await bea.evaluate(async () => {
        const body = JSON.stringify({ name: 'of-bea', scopes: ['run:start'] });
        return (
          await fetch('/v1/keys', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-opsroom': '1' },
            body,
          })
        ).status;
      });
      expect(key).toBe(201);
      const unasked = await room.home.json('members', 'role', 'bea@ops.example', 'viewer');
      expect([unasked.code, JSON.stringify(unasked.value)]).toEqual([2, expect.stringContaining('of-bea')]);
      await ada.reload();
      await role.selectOption('viewer');
      const asked = ada.getByRole('dialog');
      await asked.getByText('“of-bea” may do more than a viewer').waitFor();
      expect(await axeFindings(ada)).toEqual([]);
      await shoot(ada, 'members-keys-lost');
      await asked.getByRole('button', { name: 'Leave it' }).click();
      expect(await role.inputValue()).toBe('owner');
      const told = await room.home.json('members', 'role', 'bea@ops.example', 'viewer', '--yes');
      expect(told.value).toMatchObject({ role: 'viewer', revokedKeys: ['of-bea'] });
      await ada.reload();
      await ada
        .getByRole('row', { name: /bea@ops.example/ })
        .getByRole('button', { name: /Take out/ })
        .first()
        .click();
      await shoot(ada, 'members-take-out');
      await ada.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
      await expect.poll(() => role.count()).toBe(0);
      await bea.goto('/settings');
      await bea.waitForURL(/\/sign-in/);
    },
    LIMIT,
  );

  test(
    verifies('KEEP-02', 'who belongs to two organisations works in one, and goes to the other from the menu'),
    async () => {
      expect((await room.home.json('orgs', 'create', 'Acme')).code).toBe(0);
      await ada.goto('/');
      await ada.getByRole('button', { name: /^You: Ada/ }).click();
      // The room opens anew in the other organisation.
      await Promise.all([ada.waitForEvent('load'), ada.getByRole('button', { name: 'Acme' }).click()]);
      await ada.goto('/settings?part=members');
      await ada.getByText('Of Acme.').waitFor();
      const { value } = await room.home.json('members', '--org', 'acme');
      expect(value).toMatchObject({ members: [{ name: 'Ada', role: 'owner' }] });
    },
    LIMIT,
  );
});
