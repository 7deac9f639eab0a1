import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';
import { pdf } from '../fixtures/documents.js';
import { type BrowsedRoom, browsedRoom, noBrowser, shoot } from '../harness/browser.js';
import { looks } from '../harness/looks.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const LIMIT = 120_000;
const SKILL = `slug: note
name: Write a note
version: 1.2.0
description: Writes a note.
tools: [shell]
constraints: { max_runtime_ms: 60000, allowed_envs: [dev] }
inputSchema: { type: object, required: [text], properties: { text: { type: string, description: What it says } } }
outputSchema: { type: object, required: [words], properties: { words: { type: string } } }
steps:
  - id: write
    title: Write it
    tool: shell
    args: { run: 'printf %s "$TEXT" > note.txt', env: { TEXT: '{{ args.text }}' } }
    verifiers: [{ id: there, kind: file, config: { path: note.txt } }]
outputs: { words: '{{ steps.write.output.stdout }}' }
`;

describe.skipIf(noBrowser())('what plans are made from', () => {
  let room: BrowsedRoom;
  let page: Page;
  beforeAll(async () => {
    room = await browsedRoom();
    page = await (await room.person()).newPage();
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  test(
    verifies('SKILL-03', 'skills are listed: the shipped ones, one’s own, and a broken one with its error and place'),
    async () => {
      await page.goto('/plan/skills');
      await page.getByRole('heading', { name: 'This project has none of its own' }).waitFor();
      await page.getByRole('link', { name: 'repo-mutation' }).waitFor();
      const folder = join(room.home.path, 'skills');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'note.yaml'), SKILL);
      writeFileSync(join(folder, 'torn.yaml'), SKILL.replace('slug: note', 'slug: torn').replace('[shell]', '[http]'));
      await page.reload();
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'torn' }) });
      expect(await row.innerText()).toContain('skills/torn.yaml:5:1');
      await looks(page, 'skills');
      await page.getByRole('link', { name: 'note', exact: true }).click();
      const steps = page.getByRole('region', { name: 'Steps' });
      expect(await steps.innerText()).toContain('judged by there (file)');
      const main = await page.getByRole('main').innerText();
      for (const words of ['1.2.0', '60 s', 'dev', 'must be given', 'words', "text: '{{ inputs.text }}'"])
        expect(main).toContain(words);
      await looks(page, 'skill');
      await page.goto('/plan/skills?skill=torn');
      await page.getByRole('alert').getByText('which is not listed').waitFor();
      await shoot(page, 'skill-broken');
    },
    LIMIT,
  );

  test(
    verifies('COMPILE-04', 'a dropped PDF is read and kept; its page leads to a plan whose steps say where they stood'),
    async () => {
      await page.goto('/plan/documents');
      await page.getByRole('heading', { name: 'No document was read yet' }).waitFor();
      const buffer = pdf([['How we restart. It must be done within 5 minutes.'], ['Restart it:', '$ echo restarted']]);
      await page.locator('input[type=file]').setInputFiles([
        { name: 'restart.pdf', mimeType: 'application/pdf', buffer },
        { name: 'scan.pdf', mimeType: 'application/pdf', buffer: pdf([[]]) },
      ]);
      await page.getByRole('alert').getByText('it is a scan').waitFor();
      await looks(page, 'documents');
      const row = page.getByRole('row').filter({ hasText: 'restart.pdf' });
      expect(await row.innerText()).toContain('PDF, 2 pages');
      await row.getByRole('link').click();
      await page.getByText('page 2', { exact: true }).waitFor();
      await looks(page, 'document');
      await page.getByRole('button', { name: 'Draft from its commands' }).click();
      await page.waitForURL('**/plan');
      const step = page.getByRole('region', { name: /^Step/ });
      await step.getByRole('link', { name: /^restart\.pdf, page 2, paragraph \d, line \d+$/ }).click();
      await page.waitForURL(/\/plan\/documents\?document=.*&line=\d+/);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-05',
      'what a document asks for stands there with its line, and whether a rule or a model found it',
    ),
    async () => {
      const content = Buffer.from('# Shop\n\n## Data model\n\n- Order\n\nPay by Stripe.\n').toString('base64');
      const body = { name: 'prd.md', content };
      const { documentId } = await room.ask<{ documentId: string }>('POST', '/v1/documents', body);
      await page.goto(`/plan/documents?document=${documentId}`);
      const asked = page.getByRole('region', { name: 'What it asks for' });
      expect(await asked.innerText()).toMatch(/Entities 1\s+Order\s+line 5\s+by rule/);
      await asked.getByRole('button', { name: 'line 7' }).click();
      await page.waitForURL(/line=7/);
      const barred = asked.getByRole('button', {
        name: /^Ask the language model, too No language model is configured/,
      });
      await barred.and(page.locator('[aria-disabled=true]')).waitFor();
    },
    LIMIT,
  );

  test(
    verifies('RUN-15', 'a run whose step is held back by a rate says by which, and about until when'),
    async () => {
      const limit = (rate: object | null) => room.ask('POST', '/v1/limits', { calls: { 'tool:shell': rate } });
      await limit({ perSecond: 0.05, burst: 1 });
      // Workers hear of a limit within some seconds, at a call after that: one of these steps is the first that has to wait.
      const steps = Array.from({ length: 8 }, (_, i) => ({
        id: `call-${i}`,
        tool: 'shell',
        dependsOn: i === 0 ? [] : [`call-${i - 1}`],
        args: { run: 'sleep 1' },
      }));
      const value = { apiVersion: 'opsroom/v1', title: 'Paced', steps };
      const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', { plan: { value } });
      await page.goto(`/runs/${runId}`);
      await page.getByText('shell may be called 3 times a minute').waitFor();
      type Steps = { readonly steps: readonly { readonly id: string; readonly held: object | null }[] };
      const now = () => room.ask<Steps>('GET', `/v1/runs/${runId}`);
      let held: string | undefined;
      await eventually(async () => {
        held = (await now()).steps.find((step) => step.held)?.id;
        return held !== undefined;
      });
      await page.goto(`/runs/${runId}?step=${held}&tab=overview`);
      await page.getByText('Its call waits for the rate of').waitFor();
      await shoot(page, 'run-held');
      await room.ask('POST', `/v1/runs/${runId}/cancel`, { reason: 'seen' });
      await limit(null);
    },
    LIMIT,
  );

  test(
    verifies(
      'TOOL-07',
      'what an agent cost stands on the page of its run and in its step; without one there is no cost',
    ),
    async () => {
      const folder = join(room.home.path, 'shop');
      mkdirSync(join(folder, 'src'), { recursive: true });
      writeFileSync(join(folder, 'src/sum.mjs'), 'export const sum = (a, b) => a - b;\n');
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@octo.example', ...args], { cwd: folder });
      git('init', '-q', '-b', 'main');
      git('add', '-A');
      git('commit', '-q', '-m', 'Begin');
      const agent = { id: 'fix', tool: 'agent', args: { repository: 'shop', prompt: 'fix the sum' } };
      const argv = [process.execPath, join(ROOT, 'test/fixtures/agent.mjs')];
      const steps = [{ ...agent, args: { ...agent.args, argv } }];
      const value = { apiVersion: 'opsroom/v1', title: 'Mend the sum', workspace: { kind: 'inplace' }, steps };
      const start = { plan: { value }, folder: room.home.path };
      const { runId } = await room.ask<{ runId: string }>('POST', '/v1/runs', start);
      await page.goto(`/runs/${runId}?step=fix&tab=overview`);
      await page.getByText('$0.0123, 1,100 tokens in, 60 out').waitFor();
      await page.getByText('$0.0123', { exact: true }).waitFor();
      await shoot(page, 'run-cost');
      const without = { plan: { value: { ...value, steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] } } };
      const other = await room.ask<{ runId: string }>('POST', '/v1/runs', { ...without, folder: room.home.path });
      await page.goto(`/runs/${other.runId}`);
      await page.getByText('Took').waitFor();
      expect(await page.getByText('Cost', { exact: true }).count()).toBe(0);
    },
    LIMIT,
  );
});
