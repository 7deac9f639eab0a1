import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 180_000;
const hour = String((new Date().getUTCHours() + 12) % 24).padStart(2, '0');
const rule = (id: string, app: string, more: string) => `
@id("${id}")
@reason("${app} asks for it.")
@approvers("approver,owner")
@ttl("48h")
${more}
forbid (principal, action in [Action::"run", Action::"heal"], resource)
when { resource.app == "${app}" }
unless { context.approved };
`;
const RULES = [
  rule('change', 'ledger', '@form("change.schema.json")'),
  // Half a day from now.
  rule('night', 'vault', `@count("2")\n@window("Mon-Sun ${hour}:00-${hour}:01 UTC")\n@form("change.schema.json")`),
];
const FORM = {
  type: 'object',
  required: ['ticket'],
  properties: {
    ticket: { type: 'string', title: 'Ticket', pattern: '^OPS-[0-9]+$' },
    keep: { type: 'integer', title: 'Keep so many', minimum: 1 },
  },
};

/** Makes a key as the person of this page, in the page itself. */
function keyOf(page: Page): Promise<string> {
  const body = JSON.stringify({ name: 'ci', scopes: ['run:read', 'run:start', 'intent:propose'] });
  const headers = { 'content-type': 'application/json', 'x-opsroom': '1' };
  const init = JSON.stringify({ method: 'POST', headers, body });
  return page.evaluate<string>(`fetch('/v1/keys', ${init}).then((answer) => answer.json()).then(({ key }) => key)`);
}

describe.skipIf(noBrowser())('approving, as people do it', () => {
  let room: BrowsedRoom;
  let policies: string;
  let key: string;
  let ada: Page;
  let bea: Page;
  beforeAll(async () => {
    policies = await mkdtemp(join(tmpdir(), 'opsroom-policies-'));
    await cp(new URL('../../policies', import.meta.url).pathname, policies, { recursive: true });
    await writeFile(join(policies, 'rules.cedar'), RULES.join(''));
    await writeFile(join(policies, 'change.schema.json'), JSON.stringify(FORM));
    room = await browsedRoom({ OPSROOM_POLICIES: policies });
    ada = await comes('Ada', ((await room.home.json('owner-link')).value as { open: string }).open, 'Go in');
    bea = await comes('Bea', await invited('approver', 'bea@ops.example'), 'Join');
    key = await keyOf(await comes('Cy', await invited('owner', 'cy@ops.example'), 'Join'));
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await rm(policies, { recursive: true, force: true });
  }, LIMIT);

  async function invited(role: string, email: string): Promise<string> {
    return (await room.ask<{ url: string }>('POST', '/v1/invitations', { role, email })).url;
  }

  async function comes(name: string, link: string, button: string): Promise<Page> {
    const size = { baseURL: room.url, viewport: { width: 1440, height: 900 } };
    const page = await (await room.browser.newContext(size)).newPage();
    await page.goto(link);
    await page.getByLabel('Your name').fill(name);
    if (button === 'Join') await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    return page;
  }

  /** A program asks for a run of which the form says the inputs. */
  async function propose(app: string): Promise<string> {
    const value = {
      apiVersion: 'opsroom/v1',
      title: `Rotate the keys of the ${app}`,
      target: { app, environment: 'staging' },
      inputSchema: {
        type: 'object',
        properties: { ticket: { type: 'string', default: 'none' }, keep: { type: 'integer', default: 0 } },
      },
      steps: [
        {
          id: 'say',
          tool: 'shell',
          args: {
            run: 'echo "$TICKET keeps $KEEP"',
            env: { TICKET: '{{ inputs.ticket }}', KEEP: '{{ inputs.keep }}' },
          },
        },
      ],
    };
    const answer = await fetch(`${room.url}/v1/intents`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ intent: 'rotate', plan: { value } }),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { intentId: string }).intentId;
  }

  test('a command that nobody told decides by the policies that the room was started with', async () => {
    const { value } = (await room.home.json('policy')) as { value: { folder: string } };
    expect(value.folder).toBe(policies);
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name }).first();
  const standing = (page: Page, word: string) => page.locator('output', { hasText: word });

  test(
    verifies('ROOM-04', 'what policy wants filled in is filled in, and the run gets it'),
    async () => {
      await ada.goto(`/approvals?intent=${await propose('ledger')}`);
      const form = ada.getByRole('region', { name: 'To fill in' });
      await form.waitFor();
      await ada.getByLabel('Reason').fill('As agreed.');
      await ada.getByText('Fill in what policy asks for.').last().waitFor();
      await form.getByLabel('ticket').fill('OPS-12');
      await form.getByLabel('keep').fill('3');
      await shoot(ada, 'approvals-form');
      await button(ada, 'Approve and run').focus();
      await ada.keyboard.press('Enter');
      await standing(ada, 'succeeded').waitFor();
      // What was pressed is gone; who works by keyboard goes on at what became of it.
      expect(await standing(ada, 'succeeded').and(ada.locator(':focus')).count()).toBe(1);
      await ada.getByRole('link', { name: 'Open the run' }).click();
      await ada.getByRole('tab', { name: 'Logs' }).click();
      await ada.getByText('OPS-12 keeps 3').first().waitFor();
    },
    LIMIT,
  );

  test(
    verifies('ROOM-04', 'two people break the glass: it begins outside of its window, with nothing filled in'),
    async () => {
      const id = await propose('vault');
      for (const [page, why, done, stands] of [
        [
          ada,
          'The key has leaked.',
          'You asked to break the glass. A second person has to, too.',
          'asked to break the glass',
        ],
        [bea, 'I have seen it too.', 'You broke the glass.', 'broke the glass'],
      ] as const) {
        await page.goto(`/approvals?intent=${id}`);
        await page.getByRole('region', { name: 'To fill in' }).waitFor();
        expect(await button(page, 'Break the glass').getAttribute('aria-disabled')).toBe('true');
        await page.getByLabel('Reason').fill(why);
        await button(page, 'Break the glass').click();
        await page.getByRole('dialog').getByRole('button', { name: 'Break the glass' }).click();
        await page.getByText(done).first().waitFor();
        await page.getByRole('region', { name: 'Said so far' }).getByText(stands).first().waitFor();
      }
      await standing(bea, 'succeeded').waitFor();
      const said = bea.getByRole('region', { name: 'Said so far' });
      expect(await said.innerText()).toMatch(/The key has leaked\.[\s\S]*I have seen it too\./);
      await standing(ada, 'succeeded').waitFor();
      await bea.getByRole('link', { name: 'Open the run' }).click();
      await bea.getByText('Glass broken by').first().waitFor();
      const why = bea.getByText('The key has leaked.');
      expect(await why.isVisible()).toBe(false);
      await bea.locator('dl summary').first().press('Enter');
      await why.waitFor();
      await bea.getByRole('tab', { name: 'Logs' }).click();
      await bea.getByText('none keeps 0').first().waitFor();
    },
    LIMIT,
  );
});
