import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { verifies } from '../harness/requirements.js';

const RUNBOOK = `# Rotate the key

## Write the new key

\`\`\`sh
echo "$KEY" > "key-$OPSROOM_RUN_ID.txt"
\`\`\`

You should see it:

\`\`\`sh
grep . "key-$OPSROOM_RUN_ID.txt"
\`\`\`

## Tell the service

\`\`\`sh
echo "the service wants a key that begins with new"
case "$NAME" in new*) echo "took $NAME" ;; *) echo "ERROR: $NAME is refused" >&2; exit 4 ;; esac
\`\`\`
`;
const LIMIT = 180_000;

/** What somebody does on their first day, in one go, with nothing but a browser and the command line. */
describe.skipIf(noBrowser())('the first day', () => {
  let room: BrowsedRoom;
  beforeAll(async () => {
    room = await browsedRoom();
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  test(
    verifies(
      'ROOM-02',
      'in by the owner link, a runbook pasted and watched, its failure read, an input mended, the rest run again, the proof taken and verified',
    ),
    async () => {
      const context = await room.browser.newContext({ baseURL: room.url, viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);

      const { value } = await room.home.json('owner-link');
      await page.goto((value as { open: string }).open);
      await page.getByRole('button', { name: 'Go in' }).click();
      // The room shows its first run already.
      await page.getByText('First run').first().waitFor();

      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Plan' }).click();
      await page.getByLabel('Plan or runbook').fill(RUNBOOK);
      await page.getByRole('textbox', { name: 'key', exact: true }).fill('s3');
      await page.getByRole('textbox', { name: 'name', exact: true }).fill('old-1');
      await page.getByRole('button', { name: 'Run what is shown' }).click();

      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      const failed = page.url().replace(/.*\/runs\/([0-9a-f-]{36}).*/, '$1');
      await page.getByText('old-1 is refused').first().waitFor();
      await shoot(page, 'journey-failed');

      await page.getByRole('button', { name: /^Edit inputs/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: /^name/ }).fill('new-2');
      await dialog.getByRole('button', { name: 'Start the run' }).click();
      await page.waitForURL((url) => !url.pathname.endsWith(failed));
      await page.getByText('taken over from').first().waitFor();
      await page
        .getByRole('link', { name: 'Check the proof' })
        .or(page.getByRole('button', { name: 'Check the proof' }))
        .click();

      await page.getByText('signed by the enclosed key').waitFor();
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download bundle' }).click();
      const file = join(room.home.path, 'journey.json');
      await (await saving).saveAs(file);
      expect(await room.home.json('verify', file)).toMatchObject({ code: 0, value: { ok: true } });
      await context.close();
    },
    LIMIT,
  );
});
