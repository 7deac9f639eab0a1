import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { fixture } from '../harness/mcp-servers.js';
import { eventually } from '../harness/processes.js';

const LIMIT = 120_000;

describe.skipIf(noBrowser())('a tool that asks', () => {
  let room: BrowsedRoom;
  beforeAll(async () => {
    room = await browsedRoom();
    const args = [fixture('asking.mjs'), join(room.home.path, 'journal')];
    await room.ask('POST', '/v1/mcp/servers', { name: 'asking', transport: 'stdio', command: process.execPath, args });
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  test('is answered on the page of its run, on a phone too', async () => {
    const steps = [{ id: 'ask', title: 'Deploy it', tool: 'mcp:asking:deploy', args: {} }];
    const plan = { value: { title: 'Deploy the shop', steps } };
    const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', { plan });
    const status = async () => (await room.ask<{ status: string }>('GET', `/v1/runs/${runId}`)).status;
    await eventually(async () => (await status()) === 'waiting');
    const page = await (await room.person({ width: 390, height: 844 })).newPage();
    await page.goto(`/runs/${runId}`);
    const asked = page.getByRole('region', { name: 'What you are asked' });
    await asked.getByText('Which version?').waitFor();
    await asked.getByRole('button', { name: 'Answer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/version/).fill('1.4.0');
    await shoot(page, 'run-answer-390');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^(Answer|Send)/ }).click();
    await eventually(async () => (await status()) === 'succeeded');
    await page.context().close();
  });

  test('what is being answered never goes to the next question of the same step', async () => {
    const steps = [{ id: 'ask', title: 'Deploy it', tool: 'mcp:asking:twice', args: {} }];
    const plan = { value: { title: 'Ask twice', steps } };
    const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', { plan });
    const page = await (await room.person()).newPage();
    await page.goto(`/runs/${runId}`);
    const asked = page.getByRole('region', { name: 'What you are asked' });
    await asked.getByText('First?').waitFor();
    await asked.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('dialog').getByText('First?').waitFor();
    const { steps: states } = await room.ask<{ steps: { question: { digest: string } }[] }>('GET', `/v1/runs/${runId}`);
    const question = states[0]?.question.digest;
    await room.ask('POST', `/v1/runs/${runId}/answer`, { step: 'ask', question, action: 'accept', content: { a: 1 } });
    await asked.getByText('Second?').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await room.ask('POST', `/v1/runs/${runId}/cancel`, { reason: 'enough' });
    await page.context().close();
  });
});
