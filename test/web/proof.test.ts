import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, beyond, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { verifies } from '../harness/requirements.js';

const PLAN = {
  title: 'Write a file',
  steps: [
    {
      id: 'write',
      tool: 'shell',
      args: { run: 'echo "<b>done</b>" > out.txt' },
      verifiers: [{ id: 'there', kind: 'file', config: { path: 'out.txt' }, required: true }],
    },
  ],
};
const LIMIT = 120_000;

describe.skipIf(noBrowser())('the Proof Viewer', () => {
  let room: BrowsedRoom;
  let run = '';
  beforeAll(async () => {
    room = await browsedRoom();
    ({ runId: run } = await room.ask<{ runId: string }>('POST', '/v1/runs', { plan: { value: PLAN } }));
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  test(
    verifies(
      'PROOF-06',
      'checks the chain and its signature in the browser, shows the evidence, and hands out a bundle that verifies',
    ),
    async () => {
      const page = await (await room.person()).newPage();
      await page.goto(`/runs/${run}/proof`);
      await page.getByText('unbroken').waitFor();
      await page.getByText('signed by the enclosed key').waitFor();
      await page.getByRole('option', { name: /there of write/ }).click();
      expect(page.url()).toContain('record=1');
      const record = page.getByRole('region', { name: 'Record 1' });
      await record.getByText('It failed before the step ran and passes after it.').waitFor();
      await record.getByText('its digest fits').nth(1).waitFor();
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download bundle' }).click();
      const file = join(room.home.path, 'proof.json');
      await (await saving).saveAs(file);
      expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('envelope');
      expect(await room.home.json('verify', file)).toMatchObject({ code: 0 });
      await page.context().close();
    },
    LIMIT,
  );

  test('names the record at which a chain that was tampered with breaks', async () => {
    const page = await (await room.person()).newPage();
    await page.route('**/chain?**', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('"proven":true', '"proven":false') });
    });
    await page.goto(`/runs/${run}/proof`);
    await page.getByText(/broken at record 1: its content is not what its hash says/).waitFor();
    await page.context().close();
  });

  test('follows a run that goes on, and says what it waits for before it can be sealed', async () => {
    const manual = { id: 'look', kind: 'system', action: 'manual', args: { instructions: 'Look at it.' } };
    const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', {
      plan: { value: { ...PLAN, steps: [...PLAN.steps, { ...manual, dependsOn: ['write'] }] } },
    });
    const page = await (await room.person()).newPage();
    await page.goto(`/runs/${runId}/proof`);
    await page.getByText('not sealed: seals when the run ends').waitFor();
    await page.getByRole('option', { name: /write/ }).first().waitFor();
    await room.ask('POST', `/v1/runs/${runId}/confirm`, { step: 'look', reason: 'seen' });
    await page.getByText('signed by the enclosed key').waitFor();
    await page.context().close();
  });

  test('of a run that is not there, says so and leads back', async () => {
    const page = await (await room.person()).newPage();
    await page.goto('/runs/ffffffff/proof');
    await page.getByText('There is no such run.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.waitForURL(/\/runs$/);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing on it: %s, wide and on a phone', async (theme) => {
    for (const width of [1440, 360]) {
      const page = await (await room.person({ theme, width })).newPage();
      await page.goto(`/runs/${run}/proof?record=1`);
      await page.getByText('its digest fits').nth(1).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      expect(await beyond(page, 'main :is(p, button)')).toEqual([]);
      await shoot(page, `proof-${width}-${theme}`);
      await page.context().close();
    }
  });
});
