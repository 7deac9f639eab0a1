import { chromium } from 'playwright-core';
import { quantile } from './numbers.mjs';

const OPENED = 5;

/**
 * The Runboard in a real browser: how soon it paints, and how long it takes from an event, by the clock that the room and the browser
 * share on one machine, until its row is on the page. Needs chromium (CHROMIUM=path).
 */
export async function looked(room, { active, seconds }) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const stop = await room.keepRunning(active);
  try {
    const paints = [];
    for (let n = 0; n < OPENED; n++) paints.push(await opened(browser, room));
    return { ...firstPaint(paints), drawn: await drawn(browser, room, seconds) };
  } finally {
    await stop();
    await browser.close();
  }
}

/** With nothing kept from before. */
async function opened(browser, room) {
  const context = await person(browser, room);
  const page = await context.newPage();
  await page.goto(room.url);
  await page.getByRole('region', { name: 'Latest events' }).locator('li').first().waitFor();
  const taken = await page.evaluate(() => ({
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    boardMs: performance.now(),
  }));
  await context.close();
  return taken;
}

const person = (browser, { key }) =>
  browser.newContext({ viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { 'x-api-key': key } });

const firstPaint = (paints) => ({
  opened: paints.length,
  firstPaintMs: {
    p50: quantile(
      paints.map(({ paintMs }) => paintMs),
      0.5,
    ),
    worst: Math.max(...paints.map(({ paintMs }) => paintMs)),
  },
  boardMs: {
    p50: quantile(
      paints.map(({ boardMs }) => boardMs),
      0.5,
    ),
    worst: Math.max(...paints.map(({ boardMs }) => boardMs)),
  },
});

async function drawn(browser, room, seconds) {
  const context = await person(browser, room);
  const page = await context.newPage();
  await page.goto(room.url);
  await page.getByRole('region', { name: 'Latest events' }).locator('li').first().waitFor();
  await page.waitForTimeout(2000); // how the page began is not what is asked
  await page.evaluate(() => {
    globalThis.ages = [];
    new MutationObserver((changes) => {
      const now = Date.now();
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          const time = node instanceof HTMLLIElement ? node.querySelector('time') : null;
          if (time) globalThis.ages.push(now - Date.parse(time.dateTime));
        }
    }).observe(document.querySelector('[aria-label="Latest events"] ol'), { childList: true });
  });
  await page.waitForTimeout(seconds * 1000);
  const ages = await page.evaluate(() => globalThis.ages);
  await context.close();
  return { events: ages.length, p50: quantile(ages, 0.5), p95: quantile(ages, 0.95), p99: quantile(ages, 0.99) };
}
