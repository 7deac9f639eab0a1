import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';
import { pdf } from '../fixtures/documents.js';
import { axeFindings, type BrowsedRoom, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { verifies } from '../harness/requirements.js';

const RUNBOOK = `# Rotate the key

## Requirements

\`\`\`sh
command -v sh
\`\`\`

## Write it

\`\`\`sh
echo "$KEY_NAME" > key.txt
\`\`\`

You should see it:

\`\`\`sh
grep . key.txt
\`\`\`

## What it looks like

\`\`\`json
{ "key": "old" }
\`\`\`
`;
const TASKS = `# Tasks: Bookshop

## Phase 1: Setup
- [ ] T001 Create src/shop.txt

**Checkpoint**: it builds

## Phase 2: User Story 1 - Search
- [ ] T002 [P] [US1] Create src/search.txt
- [ ] T003 [P] [US1] Create src/index.txt
`;
const SPEC = `# Feature Specification: Bookshop

### User Story 1 - Search

1. **Given** a shop, **When** I search, **Then** I see a book
`;
/** Does a task: writes each file that it names. */
const DOER = `for file in $OPSROOM_TASK_FILES; do mkdir -p "$(dirname "$file")"; cat > "$file"; done\n`;
const LIMIT = 120_000;

describe.skipIf(noBrowser())('the Plan Viewer', () => {
  let room: BrowsedRoom;
  beforeAll(async () => {
    room = await browsedRoom();
  }, LIMIT);
  afterAll(() => room?.close(), LIMIT);

  const count = async () => (await room.ask<{ runs: unknown[] }>('GET', '/v1/runs')).runs.length;

  async function open(text: string, options?: Parameters<BrowsedRoom['person']>[0]): Promise<Page> {
    const page = await (await room.person(options)).newPage();
    await page.goto('/plan');
    await page.getByLabel('Plan or runbook').fill(text);
    return page;
  }

  test(
    verifies('ROOM-03', 'shows what a runbook would become: its steps, what proves them, what was left out and why'),
    async () => {
      const page = await open(RUNBOOK);
      const plan = page.getByRole('region', { name: 'Plan' });
      await plan.getByRole('heading', { name: /Rotate the key/ }).waitFor();
      await page.getByRole('region', { name: 'Graph' }).getByText('write-it').waitFor();
      const step = page.getByRole('region', { name: /^Step/ });
      expect(await step.innerText()).toContain('grep . key.txt');
      expect(await step.innerText()).toContain('command -v sh');
      const left = await page.getByRole('region', { name: 'Left out' }).innerText();
      expect(left).toContain('"key": "old"');
      expect(left).toContain('line 23');
      await page.getByRole('button', { name: 'verify' }).waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test('of a step that another one’s rollback takes back, says so', async () => {
    const shell = (command: string) => `\`\`\`sh\n${command}\n\`\`\`\n\n`;
    const text = `# Move the shop\n\n${shell('touch moved')}${shell('touch told')}## Rollback\n\n${shell('touch back')}`;
    for (const [theme, width] of [
      ['light', 1440],
      ['dark', 360],
    ] as const) {
      const page = await open(text, { theme, width });
      await page.getByRole('region', { name: 'Graph' }).getByText('touch-told').click();
      const step = page.getByRole('region', { name: 'Step touch-told' });
      await step.getByText('once, with touch-moved').waitFor();
      expect(await step.innerText()).toContain('touch back');
      expect(await axeFindings(page)).toEqual([]);
      await shoot(page, `plan-undone-${width}-${theme}`);
      await page.context().close();
    }
  });

  test('refuses a broken plan with the line, and shows that line', async () => {
    const page = await open('apiVersion: opsroom/v1\ntitle: x\nsteps:\n  - { id: a, tool: shel }\n');
    await page.getByRole('alert').getByText('shel').first().waitFor();
    await page
      .getByRole('alert')
      .getByRole('button', { name: /^line 4/ })
      .click();
    await page.context().close();
  });

  test('asks for the inputs that are missing, tries without changing anything, and runs', async () => {
    const before = await count();
    const page = await open(RUNBOOK);
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('It has to be given.').waitFor();
    await page.getByLabel('key_name').fill('blue');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('could start now').waitFor();
    expect(await count()).toBe(before);
    await page.getByRole('button', { name: 'Run what is shown' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.context().close();
  });

  async function dropped(options?: Parameters<BrowsedRoom['person']>[0]): Promise<Page> {
    const page = await open('', options);
    const file = (name: string, text: string) => ({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) });
    await page.getByLabel('Open a file').setInputFiles([file('tasks.md', TASKS), file('spec.md', SPEC)]);
    await page.getByRole('region', { name: 'Graph' }).getByText('T001').waitFor();
    return page;
  }

  test(
    verifies('COMPILE-02', 'the graph and the panel of a task list show phases, stories, checkpoints and lines'),
    async () => {
      const page = await dropped();
      const graph = page.getByRole('region', { name: 'Graph' });
      await graph.getByText('Phase 1: Setup').waitFor();
      await graph.getByRole('button', { name: /^checkpoint-1: .*a person looks, Phase 1: Setup$/ }).click();
      await page.getByRole('region', { name: 'Step checkpoint-1' }).getByText('checkpoint: a person looks').waitFor();
      await graph.getByRole('button', { name: /^T002: Create src\/search.txt, US1, Phase 2/ }).click();
      const step = await page.getByRole('region', { name: 'Step T002' }).innerText();
      for (const said of ['Phase 2: User Story 1 - Search', 'US1', 'line 9']) expect(step).toContain(said);
      await graph.getByRole('button', { name: /^accept-US1/ }).click();
      await page.getByRole('region', { name: 'Step accept-US1' }).getByText('spec.md, line 5').waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test(
    verifies('COMPILE-02', 'a person hands the tasks of a dropped list to a program, in the folder that they name'),
    async () => {
      const project = join(room.home.path, 'bookshop');
      await mkdir(project);
      await writeFile(join(project, 'do.sh'), DOER);
      const page = await dropped();
      const run = page.getByRole('button', { name: 'Run what is shown' });
      await page.getByLabel('Who does the tasks').selectOption('program');
      await run.getByText('Name the program that does the tasks.').waitFor();
      await page.getByLabel('Program', { exact: true }).fill('sh "do.sh');
      await page.getByText('A quote (") is not closed.').waitFor();
      await page.getByLabel('Program', { exact: true }).pressSequentially('"');
      await page.getByLabel('Folder of the project').fill('bookshop');
      await page.getByText('An absolute path begins with /.').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByLabel('Folder of the project').fill(project);
      await page.getByLabel('The documents are in').fill('specs/001-shop');
      await page.getByRole('region', { name: 'Step T001' }).getByText('["sh","do.sh"]').waitFor();
      await run.click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      const timeline = page.getByRole('region', { name: 'Timeline' });
      await timeline.getByRole('heading', { name: 'Phase 2: User Story 1 - Search' }).waitFor();
      await page.getByRole('region', { name: 'Step checkpoint-1' }).getByText('tasks.md, line 6').waitFor();
      expect(await readFile(join(project, 'src/shop.txt'), 'utf8')).toContain('specs/001-shop/spec.md');
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    },
    LIMIT,
  );

  test('the form holds what the plan holds, says where it came from, and what is changed in it wins', async () => {
    const page = await (await room.person()).newPage();
    await page.goto('/plan');
    await page.getByLabel('What you want').fill('restart the staging shop and make sure the checkout works');
    await page.getByRole('button', { name: 'Draft a plan' }).click();
    const environment = page.getByLabel('environment');
    await environment.waitFor();
    const form = page.getByRole('region', { name: 'Run it' });
    expect(await environment.inputValue()).toBe('staging');
    await form.getByText('by rule', { exact: true }).waitFor();
    await form.getByText('p1_service (The unit as systemctl knows it)?').waitFor();
    await environment.fill('production');
    await form.getByText('by you, not staging').waitFor();
    // The plan is edited beside it: the form is drawn anew and keeps what was changed.
    const source = page.getByLabel('Plan or runbook');
    await source.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('description: edited\n');
    await page.getByText('Compiling').waitFor({ state: 'hidden' });
    expect(await environment.inputValue()).toBe('production');
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });

  test('a document goes to Documents, and a file that is nothing to read is refused without being sent', async () => {
    const page = await (await room.person()).newPage();
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
    await page.goto('/plan');
    const open = page.locator('input[type=file]');
    await open.setInputFiles({ name: 'setup.exe', mimeType: '', buffer: Buffer.from([0x4d, 0x5a, 0x90, 0, 3]) });
    await page.getByRole('alert').getByText('setup.exe: It is no text').waitFor();
    expect(sent).toEqual([]);
    const buffer = pdf([['Restart it:', '$ echo restarted']]);
    await open.setInputFiles({ name: 'restart.pdf', mimeType: 'application/pdf', buffer });
    await page.waitForURL(/\/plan\/documents\?document=/);
    await page.getByRole('button', { name: 'Draft from its commands' }).waitFor();
    expect(sent).toEqual(['/v1/documents']);
    await page.context().close();
  });

  test(
    verifies('TOOL-06', 'a session with a list of tools is made in the room, and a plan is run in it'),
    async () => {
      const page = await (await room.person()).newPage();
      await page.goto('/sessions');
      await page.getByRole('button', { name: 'New session' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Two tools');
      const list = dialog.getByLabel('Tools', { exact: true });
      await list.fill('http\n!!\nmcp:evry:echo');
      await dialog.getByText('line 2: “!!”').waitFor();
      await dialog.getByText('line 3: mcp:evry:echo').waitFor();
      await list.fill('http');
      await dialog.getByLabel('A tool that the room has').fill('sql');
      await dialog.getByRole('button', { name: 'Add it' }).click();
      expect(await list.inputValue()).toBe('http\nsql');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Begin it' }).click();
      await page.getByRole('link', { name: 'Run a plan in it' }).click();
      await page.getByLabel('Plan or runbook').fill(RUNBOOK);
      await page.getByText('so it would fail before anything is called: write-it (shell)').waitFor();
      await page.getByLabel('key_name').fill('blue');
      await page.getByRole('button', { name: 'Run what is shown' }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      await page.getByText('The list of the session does not name shell').first().waitFor();
      await page.context().close();
    },
    LIMIT,
  );

  test('markup in a runbook is text, whatever it says', async () => {
    const page = await open(
      '# <img src=x onerror="document.title=\'owned\'">\n\n```sh\necho "<script>alert(1)</script>"\n```\n',
    );
    await page.getByRole('region', { name: 'Plan' }).getByRole('heading').waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing on it: %s, wide and on a phone', async (theme) => {
    const text = await readFile(join(ROOT, 'examples/first-run.md'), 'utf8');
    for (const width of [1440, 360]) {
      const page = await open(text, { theme, width });
      await page.getByRole('region', { name: 'Graph' }).getByText('manifest').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      await shoot(page, `plan-${width}-${theme}`);
      await page.context().close();
    }
  });
});
