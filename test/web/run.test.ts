import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, type BrowsedRoom, beyond, browsedRoom, noBrowser, shoot, widthOf } from '../harness/browser.js';
import { looks } from '../harness/looks.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const HOSTILE = String.raw`printf '\033[31mERROR\033[0m <img src=x onerror=pwned()>\n\033]0;title\007\033]8;;https://evil.example\033\\click\033]8;;\033\\\n10%%\r100%%\n'`;
const PLAN = `apiVersion: opsroom/v1
title: 'Paint <b onmouseover=pwned()>the shop</b>'
target: { environment: staging, app: shop }
inputs: { colour: red, coats: 2 }
steps:
  - id: fetch
    title: Fetch the paint
    tool: shell
    args: { run: 'echo fetched > fetched.txt' }
    verifiers: [{ id: fetched, kind: file, config: { path: fetched.txt } }]
  - id: mix
    title: Mix it
    tool: shell
    dependsOn: [fetch]
    args: { run: "${HOSTILE.replaceAll('\\', '\\\\')}; seq 1 900; cp fetched.txt mixed.txt" }
    verifiers:
      - { id: mixed, kind: file, config: { path: mixed.txt } }
      - { id: fetched, kind: file, config: { path: fetched.txt }, required: false }
    artefacts: [{ name: mixed, path: mixed.txt }]
  - id: clean
    title: Clean up
    tool: shell
    dependsOn: [fetch]
    args: { run: 'true' }
  - id: paint
    title: Paint the shop
    tool: shell
    dependsOn: [mix]
    args: { run: 'echo "painting it $COLOUR"; echo "Error: nobody wants $COLOUR" >&2; test "$COLOUR" = green', env: { COLOUR: '{{ inputs.colour }}' } }
    retryPolicy: { maxAttempts: 2, backoffMs: 300 }
onFailure: stop
`;
const MANUAL = { kind: 'system', action: 'manual', args: { instructions: 'Look at the wall.' } };
const WALL = {
  value: {
    title: 'Wait for paint to dry',
    steps: [
      { id: 'look', title: 'Look at the wall', ...MANUAL },
      { id: 'after', title: 'Go home', tool: 'shell', dependsOn: ['look'], args: { run: 'true' } },
    ],
  },
};
/** What is done if somebody says yes. */
const OVER = ['paint --over "$WALL"', '  --coats 2', 'wait-until-dry'];
const WALLS = {
  value: {
    title: 'Wait for the walls to dry',
    steps: [
      {
        id: 'look',
        title: 'Look at the walls',
        forEach: { items: ['north', 'south', 'east'] },
        ...MANUAL,
        args: { instructions: 'Knock twice:\n\n    knock --on {{ item }}' },
      },
    ],
  },
};
const TALK = {
  value: {
    title: 'Talk while it works',
    steps: [
      { id: 'prime', title: 'Prime the wall', tool: 'shell', args: { run: 'echo primed' } },
      {
        id: 'talk',
        title: 'Talk',
        tool: 'shell',
        dependsOn: ['prime'],
        args: { run: 'for n in $(seq 1 600); do echo "word $n"; sleep 0.1; done' },
      },
      { id: 'rest', title: 'Rest', tool: 'shell', dependsOn: ['talk'], args: { run: 'true' } },
    ],
  },
};
/** As the room refuses. */
const REFUSED = { title: 'FORBIDDEN', status: 403, code: 'FORBIDDEN', detail: 'Not for you.', mend: 'Ask an owner.' };
const COUNT = 1000;
const LARGE = {
  value: {
    title: 'A thousand walls',
    steps: [
      { id: 's0', ...MANUAL },
      ...Array.from({ length: COUNT - 1 }, (_, n) => ({
        id: `s${n + 1}`,
        tool: 'shell',
        dependsOn: [`s${Math.max(0, n - 8)}`],
        args: { run: 'true' },
      })),
    ],
  },
};

interface View {
  readonly status: string;
  readonly endedAt: string | null;
}

/** Whether an element lies within another, as they are drawn. */
async function inside(part: Locator, whole: Locator): Promise<boolean> {
  const [a, b] = [await part.boundingBox(), await whole.boundingBox()];
  return a !== null && b !== null && a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width;
}

/** How far down each button and link of the page's upper part begins, in the order in which Tab comes to them. */
function orderOf(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`[...document.querySelectorAll('main > :is(header, div, dl)')].slice(0, 4)
    .map((part) => part.getBoundingClientRect())
    .filter(({ height }) => height > 0)
    .map(({ top }) => top)`);
}

describe.skipIf(noBrowser())('the page of a run', () => {
  let room: BrowsedRoom;
  let person: BrowserContext;
  let page: Page;
  let failed = '';

  const start = async (plan: unknown) => (await room.ask<{ runId: string }>('POST', '/v1/runs', { plan })).runId;
  const until = (run: string, done: (view: View) => boolean) =>
    eventually(async () => done(await room.ask<View>('GET', `/v1/runs/${run}`)));
  const ended = (run: string) => until(run, ({ endedAt }) => endedAt !== null);
  const open = async (path: string, on = page) => {
    await on.goto(path);
    await on.getByRole('heading', { level: 1 }).waitFor();
  };
  const itemsOf = async (run: string) => {
    const path = `/v1/runs/${run}/steps/look`;
    const { items } = await room.ask<{ items: { page: { status: string }[] } }>('GET', path);
    return items.page.map(({ status }) => status);
  };
  const asked = () => page.getByRole('region', { name: 'What you are asked' });
  const inspector = (step: string) => page.getByRole('region', { name: `Step ${step}` });

  beforeAll(async () => {
    room = await browsedRoom();
    person = await room.person();
    page = await person.newPage();
    // Below the limit of a test, so that what was waited for is named.
    page.setDefaultTimeout(10_000);
    failed = await start({ text: PLAN, file: 'paint.yaml' });
    await ended(failed);
  }, 120_000);
  afterAll(() => room?.close());

  test(verifies('ROOM-02', 'shows why a run failed before anybody asks, and what to do next'), async () => {
    await open(`/runs/${failed}`);
    const paint = inspector('paint');
    await paint.getByText('nobody wants red').first().waitFor();
    await paint.getByText('STEP_FAILED').waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    const rollback = page.getByRole('menuitem', { name: /^Roll back/ });
    expect(await rollback.getAttribute('aria-disabled')).toBe('true');
    expect(await rollback.innerText()).toContain('No step that the run did has a rollback.');
    await page.keyboard.press('Escape');
    await page.locator('[data-step]').first().waitFor();
    await shoot(page, 'run-1440-light');
  });

  test(verifies('ROOM-02', 'keeps the chosen step, tab and fold in its address'), async () => {
    await open(`/runs/${failed.slice(-8)}`);
    await page.waitForURL((url) => url.pathname === `/runs/${failed}`);
    await page
      .getByRole('list', { name: 'Steps' })
      .getByRole('button', { name: /Mix it/ })
      .click();
    await inspector('mix').getByRole('tab', { name: 'Verdicts' }).click();
    await page.getByRole('button', { name: 'True time' }).click();
    await page.waitForURL(/step=mix.*tab=verdicts.*fold=off|fold=off.*step=mix/);
    await page.reload();
    await inspector('mix').getByText('holds, not proven by this step').waitFor();
    expect(await inspector('mix').getByText('proven', { exact: true }).count()).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'True time' }).getAttribute('aria-pressed')).toBe('true');
    await page
      .getByRole('list', { name: 'Steps' })
      .getByRole('button', { name: /Clean up/ })
      .click();
    await inspector('clean').getByText('Nothing else was checked.').waitFor();
  });

  test('shows hostile output as text, in its colours, and finds what is searched for', async () => {
    await page.addInitScript("globalThis.pwned = () => document.documentElement.setAttribute('data-pwned', '')");
    await open(`/runs/${failed}?step=mix&tab=logs`);
    const log = page.getByRole('region', { name: 'Log of mix, attempt 1' });
    await log.getByText('<img src=x onerror=pwned()>').waitFor();
    expect(await log.locator('img, a').count()).toBe(0);
    expect(await log.innerText()).toContain('click');
    expect(await log.innerText()).not.toContain('evil.example');
    expect(await page.locator('h1 b').count()).toBe(0);
    expect(await page.locator('html[data-pwned]').count()).toBe(0);
    const search = page.getByRole('searchbox', { name: 'Search the log' });
    await search.fill('89');
    await page.getByText('/ 19').waitFor(); // 89, 189 … 889 and 890 … 899
    await search.press('Enter');
    await page.waitForURL(/line=\d+/);
    await page.getByRole('button', { name: 'First error' }).click();
    await page.waitForURL(/line=1(&|$)/);
    expect(await log.locator('[data-index]').count()).toBeLessThan(200);
    await shoot(page, 'run-logs-1440-light');
  });

  test('downloads logs and artefacts as files', async () => {
    await open(`/runs/${failed}?step=mix&tab=artefacts`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('mixed');
    await inspector('mix').getByRole('tab', { name: 'Source' }).click();
    await inspector('mix').getByText('paint.yaml').waitFor();
  });

  test(verifies('RUN-08', 'a person edits an input and re-runs from the step that failed'), async () => {
    await open(`/runs/${failed}`);
    await page.getByRole('button', { name: /^Edit inputs/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/colour/).fill('green');
    await dialog.getByText('fetch, mix').waitFor();
    await shoot(page, 'run-again-1440-light');
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(failed));
    await page.getByText('taken over from').first().waitFor();
    await page.locator('header').getByText('succeeded, exit code only', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: failed.slice(-8) }).waitFor();
  });

  test('starts nothing at one press: what was not done is told before it runs again', async () => {
    await open(`/runs/${failed}`);
    await page.getByText('nobody wants red').first().waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Re-run what was not done' });
    const told = dialog.locator('dl');
    expect(await told.innerText()).toMatch(/Runs again\s+paint\s+Taken over\s+fetch, mix, clean/);
    expect(new URL(page.url()).pathname).toBe(`/runs/${failed}`);
    await shoot(page, 'run-not-done-1440-light');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(failed));
    await page.getByRole('link', { name: failed.slice(-8) }).waitFor();
  });

  test('starts what was not done again, though an input that has to be given was given empty', async () => {
    const inputSchema = { type: 'object', required: ['note'], properties: { note: { type: 'string' } } };
    const steps = [{ id: 'dry', tool: 'shell', args: { run: 'false' } }];
    const empty = await start({ value: { title: 'Wait for it', inputs: { note: '' }, inputSchema, steps } });
    await ended(empty);
    await open(`/runs/${empty}`);
    await page.getByRole('button', { name: /^Re-run what was not done/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(empty));
  });

  test('goes on by itself while a person confirms a step and cancels another run, giving reasons', async () => {
    const run = await start(WALL);
    await open(`/runs/${run}`);
    await asked().getByText('A person does this: Look at the wall').waitFor();
    await asked().getByRole('button', { name: 'It is done' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: /^It is done/ }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('How you know').fill('It is dry.');
    await dialog.getByRole('button', { name: /^It is done/ }).click();
    await page.getByText('2 of 2 steps').waitFor();
    const other = await start(WALL);
    await until(other, ({ status }) => status === 'waiting');
    await open(`/runs/${other}`);
    await page.getByRole('button', { name: /^Cancel/ }).click();
    await dialog.getByLabel('Reason').fill('It rains.');
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await until(other, ({ status }) => status === 'cancelled');
    await page.getByRole('button', { name: /^Re-run what was not done/ }).waitFor();
  });

  test('asks whether what follows may be done, and no leaves it out', async () => {
    const guards = {
      ...MANUAL,
      args: { instructions: `Really paint over it?\n\n    ${OVER.join('\n    ')}`, guards: ['over'] },
    };
    const over = { id: 'over', title: 'Paint over it', tool: 'shell', dependsOn: ['look'], args: { run: 'false' } };
    const run = await start({ value: { title: 'Paint it over', steps: [{ id: 'look', ...guards }, over] } });
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}?step=look`);
    const about = inspector('look').getByRole('list', { name: 'What it asks about' });
    expect(await about.innerText()).toBe('Paint over it over');
    await asked().getByText('Really paint over it?').waitFor();
    expect(await asked().locator('pre').innerText()).toBe(OVER.join('\n'));
    expect(await page.getByText('Really paint over it?').count()).toBe(1);
    await asked().getByText('It is about: Paint over it. Yes does this, no leaves it out.').waitFor();
    // On a phone the step is below the plan and the timeline: yes and no stand beside the question.
    const yes = asked().getByRole('button', { name: 'Yes, do it' });
    for (const theme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [390, 844],
        [1280, 900],
      ] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height });
        await yes.waitFor();
        expect((await yes.boundingBox())?.y).toBeLessThan(height - 56);
        expect(await widthOf(page)).toBe(width);
        await shoot(page, `run-asks-first-${width}-${theme}`);
        expect(await axeFindings(page)).toEqual([]);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
    const dialog = page.getByRole('dialog');
    await page.keyboard.press('y');
    await dialog.getByText('May be done then: Paint over it.').waitFor();
    expect(await dialog.locator('pre').innerText()).toBe(OVER.join('\n'));
    await shoot(page, 'run-asks-dialog');
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    await asked().getByRole('button', { name: 'No, leave it out' }).click();
    await dialog.getByText('Left out: Paint over it. What comes after goes on.').waitFor();
    await dialog.getByLabel('Why').fill('The old paint is fine.');
    await dialog.getByRole('button', { name: /^No, leave it out/ }).click();
    // Had it been done, it would have failed.
    await until(run, ({ status }) => status === 'succeeded');
    await inspector('look')
      .getByRole('heading', { name: /said no/ })
      .waitFor();
    await inspector('look').getByText('The old paint is fine.').waitFor();
    await page.getByText('2 of 2 steps: 2 skipped').waitFor();
    await page
      .getByRole('list', { name: 'Steps' })
      .getByRole('button', { name: /Paint over it/ })
      .click();
    await inspector('over')
      .getByRole('heading', { name: /^Left out: .* said no at look/ })
      .waitFor();
  });

  test('tells why it asks in a rollback: what failed, and what it takes back', async () => {
    const undo = { ...MANUAL, id: 'scrape', title: 'Scrape it off', args: { instructions: 'Scrape it off.' } };
    const steps = [
      { id: 'coat', title: 'Coat it', tool: 'shell', args: { run: 'true' }, rollback: [undo] },
      { id: 'dry', tool: 'shell', dependsOn: ['coat'], args: { run: 'echo "it peels" >&2; false' } },
    ];
    const run = await start({ value: { title: 'Coat it well', steps } });
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}`);
    await asked().getByText('Rollback of “Coat it”: a person does this: Scrape it off').waitFor();
    await asked().getByText('The run failed: The command exited with code 1: it peels. It takes back: coat.').waitFor();
  });

  test('has room for a long title and for all that a run rests on', async () => {
    const name = 'Das Passwort der Buchhaltungsdatenbank auf allen Servern wechseln und den Dienst neu starten';
    const check = { verifiers: [{ id: 'made', kind: 'file', config: { path: 'made.txt' } }] };
    const steps = [
      { id: 'make', tool: 'shell', args: { run: 'echo x > made.txt' }, ...check },
      { id: 'keep', tool: 'shell', dependsOn: ['make'], args: { run: 'true' }, ...check },
      { id: 'rest', title: name, tool: 'shell', dependsOn: ['keep'], args: { run: 'true' } },
      { id: 'none', tool: 'shell', dependsOn: ['rest'], if: 'false', args: { run: 'true' } },
    ];
    await ended(await start({ value: { title: name, steps } }));
    for (const theme of ['light', 'dark'] as const) {
      for (const width of [390, 1280]) {
        const own = await (await room.person({ width, theme })).newPage();
        await open('/runs/last', own);
        await own
          .getByText('4 of 4 steps: 1 proven, 1 holds, not proven by this step, 1 exit code only, 1 skipped')
          .waitFor();
        expect(await own.locator('h1').evaluate((title) => title.scrollWidth > title.clientWidth)).toBe(false);
        expect(await widthOf(own)).toBe(width);
        expect(await beyond(own, 'header *')).toEqual([]);
        expect((await own.getByText('3 / 4', { exact: true }).boundingBox())?.height).toBeLessThan(24);
        await shoot(own, `run-long-${width}-${theme}`);
        await own.context().close();
      }
    }
  });

  test('takes a person’s word on one item of a step: on the one that is looked at, else on the first that waits', async () => {
    const run = await start(WALLS);
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}?step=look`);
    const say = async (reason: string, wall: string, at = asked()) => {
      expect(await at.locator('pre').innerText()).toBe(`knock --on ${wall}`);
      await at.getByRole('button', { name: 'It is done' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.locator('pre').innerText()).toBe(`knock --on ${wall}`);
      await dialog.getByLabel('How you know').fill(reason);
      await dialog.getByRole('button', { name: /^It is done/ }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await inspector('look').getByRole('heading', { name: 'look#0 waits for you' }).waitFor();
    await inspector('look').getByText('Others wait as well').waitFor();
    await inspector('look').getByRole('button', { name: '#1' }).click();
    await inspector('look').getByRole('heading', { name: 'look#1 waits for you' }).waitFor();
    await say('The second is dry.', 'south', inspector('look'));
    await eventually(async () => (await itemsOf(run)).join() === 'waiting,done,waiting');
    await shoot(page, 'run-item-confirmed');
    await inspector('look').getByRole('button', { name: 'The step as a whole' }).click();
    for (const [left, wall] of [
      ['look#0', 'north'],
      ['look#2', 'east'],
    ] as const) {
      await inspector('look')
        .getByRole('heading', { name: `${left} waits for you` })
        .waitFor();
      await asked().getByText(left, { exact: true }).waitFor();
      await say(`${left} is dry.`, wall);
    }
    await until(run, ({ status }) => status === 'succeeded');
    expect(await itemsOf(run)).toEqual(['done', 'done', 'done']);
  });

  test('what is being said of one item is never said of the next: somebody else was quicker', async () => {
    const run = await start(WALLS);
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}`);
    await asked().getByText('look#0', { exact: true }).waitFor();
    await asked().getByRole('button', { name: 'It is done' }).click();
    const dialog = page.getByRole('dialog', { name: 'Say that look#0 is done' });
    await dialog.getByLabel('How you know').fill('The north wall is dry.');
    await room.ask('POST', `/v1/runs/${run}/confirm`, { step: 'look#0', reason: 'I knocked.' });
    await asked().getByText('look#1', { exact: true }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await itemsOf(run)).toEqual(['done', 'waiting', 'waiting']);
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
  });

  test('of two questions the one that a link leads to is asked at the top until it is answered, and the other is told beside it', async () => {
    const steps = [
      { id: 'till', title: 'Look at the till', ...MANUAL },
      { id: 'open', tool: 'shell', args: { run: 'true' } },
      { id: 'shop', title: 'Look at the shop', dependsOn: ['open'], ...MANUAL },
    ];
    const run = await start({ value: { title: 'Look twice', steps } });
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}`);
    await asked().getByText('A person does this: Look at the till').waitFor();
    await page.getByText('Look at the shop waits for you as well.').waitFor();
    await shoot(page, 'run-asks-two');
    await open(`/runs/${run}?step=shop`);
    await asked().getByText('A person does this: Look at the shop').waitFor();
    await page.getByText('Look at the till waits for you as well.').waitFor();
    await page.getByRole('button', { name: 'Show till' }).click();
    await inspector('till').getByRole('button', { name: 'It is done' }).waitFor();
    expect(await asked().innerText()).toContain('Look at the shop');
    await room.ask('POST', `/v1/runs/${run}/confirm`, { step: 'shop', reason: 'I looked.' });
    await asked().getByText('A person does this: Look at the till').waitFor();
    expect(await page.getByText('waits for you as well').count()).toBe(0);
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
  });

  test('what is said while the device is offline fails at once, and is not said by itself later', async () => {
    const run = await start(WALL);
    await until(run, ({ status }) => status === 'waiting');
    const own = await (await room.person()).newPage();
    own.setDefaultTimeout(10_000);
    await open(`/runs/${run}`, own);
    await own.getByRole('button', { name: /^Cancel/ }).click();
    const dialog = own.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('It rains.');
    await own.context().setOffline(true);
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    await dialog.getByRole('alert').getByText('The room does not answer.').waitFor();
    await own.context().setOffline(false);
    await dialog.getByRole('button', { name: 'Let it run' }).click();
    await own.getByText('Live', { exact: true }).waitFor();
    expect(await room.ask<View>('GET', `/v1/runs/${run}`)).toMatchObject({ status: 'waiting' });
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
    await own.context().close();
  });

  test('on a phone the latest records of a long chain are in sight', async () => {
    const steps = Array.from({ length: 20 }, (_, n) => ({ id: `s${n}`, tool: 'shell', args: { run: 'true' } }));
    const run = await start({ value: { title: 'Twenty coats', steps } });
    await ended(run);
    const own = await (await room.person({ width: 390, height: 844 })).newPage();
    await open(`/runs/${run}`, own);
    const chain = own.getByRole('list', { name: 'Records' });
    await chain.getByRole('button', { name: /s19/ }).waitFor();
    await eventually(() => inside(chain.getByRole('button', { name: /s19/ }), chain));
    await own.context().close();
  });

  test('says why the run waits, and what to do, where the step that asks cannot be read', async () => {
    const run = await start(WALL);
    await until(run, ({ status }) => status === 'waiting');
    const own = await person.newPage();
    await own.route(`**/v1/runs/${run}/steps/look*`, (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(REFUSED) }),
    );
    await open(`/runs/${run}`, own);
    await own.getByText('Step look (Look at the wall) is done by a person. Look at the wall.').waitFor();
    await own.getByText(`npx opsroom confirm ${run.slice(-8)} look`).waitFor();
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
    await own.close();
  });

  test('asks beside the step where it cannot at the top, as the step as a whole cannot be read', async () => {
    const run = await start(WALLS);
    await until(run, ({ status }) => status === 'waiting');
    const own = await person.newPage();
    await own.route(`**/v1/runs/${run}/steps/look`, (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(REFUSED) }),
    );
    await open(`/runs/${run}?step=look&item=0`, own);
    const beside = own.getByRole('region', { name: 'Step look' });
    await beside.getByRole('button', { name: 'It is done' }).waitFor();
    expect(await beside.getByText('at the top of the page').count()).toBe(0);
    await shoot(own, 'run-asked-beside');
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
    await own.close();
  });

  test(verifies('ROOM-02', 'what a running step prints comes by itself, in the log and beside it'), async () => {
    const run = await start(TALK);
    await open(`/runs/${run}`);
    const log = page.getByRole('region', { name: 'Log of talk, attempt 1' });
    await log.getByText('word 5', { exact: true }).waitFor();
    await log.getByText('word 12', { exact: true }).waitFor();
    await shoot(page, 'run-live-logs-1440-light');
    await inspector('talk').getByRole('tab', { name: 'Overview' }).click();
    const tail = page.getByRole('region', { name: 'Live output of talk' });
    await tail
      .getByText(/^word \d+$/)
      .nth(2)
      .waitFor();
    await shoot(page, 'run-live-1440-light');
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
    await page.getByRole('button', { name: /^Re-run what was not done/ }).waitFor();
    expect(await tail.count()).toBe(0);
  });

  test('draws a run of a thousand steps without putting a thousand rows on the page', async () => {
    const run = await start(LARGE);
    await until(run, ({ status }) => status === 'waiting');
    await open(`/runs/${run}`);
    const row = page.getByRole('list', { name: 'Steps' }).locator('li[aria-setsize]');
    await row.first().waitFor();
    expect(await row.first().getAttribute('aria-setsize')).toBe(String(COUNT));
    expect(await row.count()).toBeLessThan(100);
    await page.locator('[data-step]').first().waitFor();
    expect(await page.locator('[data-step]').count()).toBeLessThan(COUNT);
    await open(`/runs/${run}?step=s900`);
    await inspector('s900').waitFor();
    await page.getByRole('list', { name: 'Steps' }).locator('[aria-current]').waitFor();
    const graph = page.getByRole('group', { name: 'Steps as a graph' });
    const node = (id: string) => graph.locator(`[data-step="${id}"]`);
    await node('s900').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await inspector('s891').waitFor();
    for (const id of ['s891', 's900']) expect(await inside(node(id), graph), id).toBe(true);
    // After a hand has moved the drawing, keys choose as before.
    const box = await graph.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 50, { steps: 4 });
    await page.mouse.up();
    await node('s891').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await inspector('s900').waitFor();
    await shoot(page, 'run-1000-1440-light');
    await room.ask('POST', `/v1/runs/${run}/cancel`, { reason: 'enough' });
  });

  test('a run and its plan are asked for once, before the program that shows them is there', async () => {
    const own = await person.newPage();
    const asked: string[] = [];
    own.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open(`/runs/${failed}`, own);
    await own.locator('[data-step]').first().waitFor();
    const program = asked.findIndex((path) => path.startsWith('/assets/page-'));
    for (const path of [`/v1/runs/${failed}`, `/v1/runs/${failed}/plan`]) {
      expect(
        asked.filter((one) => one === path),
        path,
      ).toHaveLength(1);
      expect(asked.indexOf(path), path).toBeLessThan(program);
    }
    await own.close();
  });

  test.each(['overview', 'attempts', 'logs', 'verdicts', 'artefacts', 'source'])(
    'axe finds nothing, and nothing is wider than the page: %s',
    async (tab) => {
      const own = await (await room.person()).newPage();
      await open(`/runs/${failed}?step=mix&tab=${tab}`, own);
      await own.getByRole('tabpanel').waitFor();
      await looks(own, `run-${tab}`, { shows: own.locator('[data-step]') });
      await own.context().close();
    },
    120_000,
  );

  test('nor without a step, and a phone shows what matters first', async () => {
    const own = await (await room.person()).newPage();
    await open(`/runs/${failed}`, own);
    await looks(own, 'run-failed', {
      shows: own.getByText('nobody wants red'),
      more: async ({ width }) => {
        if (width === 360) expect(await orderOf(own)).toEqual((await orderOf(own)).toSorted((a, b) => a - b));
      },
    });
    await own.context().close();
  }, 120_000);
});
