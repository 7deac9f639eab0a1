import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 180_000;

describe.skipIf(noBrowser())('the secrets of the settings', () => {
  let room: BrowsedRoom;
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    room = await browsedRoom({ DATABASE_URL: db.url, OPSROOM_SECRET_OUTSIDE: 'outside-value' });
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await db?.close();
  }, LIMIT);

  const open = async (options: Parameters<BrowsedRoom['person']>[0] = {}): Promise<Page> => {
    const page = await (await room.person(options)).newPage();
    await page.goto('/settings?part=secrets');
    await page.getByRole('heading', { name: 'Secrets', exact: true }).waitFor();
    return page;
  };
  const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });

  test(
    verifies('ROOM-06', 'are set, replaced, imported and removed, and no value comes back to the page'),
    async () => {
      const page = await open();
      const answers: Promise<string>[] = [];
      page.on('response', (answer) => {
        if (answer.url().includes('/v1/')) answers.push(answer.text());
      });
      await page.getByText('No secrets yet').waitFor();
      await page.getByText('The environment of the room also sets OUTSIDE, and wins.').waitFor();
      await page.getByRole('button', { name: 'New secret' }).click();
      await page.getByLabel('Name').fill('DEPLOY_HOOK');
      await page.getByLabel('Environment').fill('staging');
      await page.getByLabel('Value', { exact: true }).fill('yellow-submarine');
      await page.getByRole('button', { name: 'Set the secret' }).click();
      expect(await row(page, 'DEPLOY_HOOK').textContent()).toMatch(/staging.*every.*1/);

      await row(page, 'DEPLOY_HOOK').getByRole('button', { name: 'Replace' }).click();
      await page.getByLabel('Value', { exact: true }).fill('yellow-submarine-2');
      await page.getByRole('button', { name: 'Replace the value' }).click();
      await row(page, 'DEPLOY_HOOK').getByRole('cell', { name: /^2\b/ }).waitFor();

      await page.getByRole('button', { name: 'Import' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Text of the file').fill('SMTP_URL=smtp://yellow@mail.example\nDEBUG=1\n');
      await dialog.getByRole('button', { name: 'Import' }).click();
      await dialog.getByText('DEBUG is left out').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await row(page, 'SMTP_URL').waitFor();

      await row(page, 'DEPLOY_HOOK').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await row(page, 'DEPLOY_HOOK').waitFor({ state: 'detached' });
      const texts = await Promise.all(answers);
      expect(texts.length).toBeGreaterThan(5);
      expect(texts.join('\n')).not.toMatch(/yellow|outside-value/);
      expect(await page.content()).not.toMatch(/yellow|outside-value/);
    },
    LIMIT,
  );

  test(
    'a value that cannot be masked is refused in words, and stays to be mended',
    async () => {
      const page = await open();
      await page.getByRole('button', { name: 'New secret' }).click();
      await page.getByLabel('Name').fill('A-B');
      await page.getByLabel('Value', { exact: true }).fill('long-enough');
      await page.getByRole('button', { name: 'Set the secret' }).click();
      await page
        .getByRole('dialog')
        .getByText(/use letters, digits and "_"/)
        .waitFor();
      expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('long-enough');
    },
    LIMIT,
  );

  test(
    'look right to everybody, from a phone to a wide screen, in both themes',
    async () => {
      await room.ask('POST', '/v1/secrets', {
        name: 'A_RATHER_LONG_NAME_OF_A_SECRET',
        value: 'some-value',
        app: 'shop',
      });
      for (const [width, theme] of [
        [360, 'light'],
        [1440, 'dark'],
        [3840, 'light'],
      ] as const) {
        const page = await open({ width, theme });
        await row(page, 'A_RATHER').waitFor();
        expect(await axeFindings(page), `${width}`).toEqual([]);
        expect(await widthOf(page)).toBeLessThanOrEqual(width);
        await shoot(page, `secrets-${width}-${theme}`);
        await page.getByRole('button', { name: 'New secret' }).click();
        expect(await axeFindings(page), `${width}, new`).toEqual([]);
        await page.context().close();
      }
    },
    LIMIT,
  );
});
