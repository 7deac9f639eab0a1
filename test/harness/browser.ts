import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { TestHome } from './home.js';
import { findProgram, missing } from './parts.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const START_MS = 90_000;
/** Where pictures of pages go when somebody wants to look at them: `OPSROOM_SHOTS=FOLDER npm test test/web`. */
const SHOTS = process.env['OPSROOM_SHOTS'];

/** For `describe.skipIf(noBrowser())`. */
export const noBrowser = (): boolean => missing('chromium', 'a page is looked at in a real browser');

/** A real room in processes of its own, with a worker, seen through a real browser. */
export interface BrowsedRoom {
  readonly home: TestHome;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly browser: Browser;
  /** A browser of somebody who may do everything on this machine; the default size is 1440 × 900. */
  person(options?: { width?: number; height?: number; theme?: 'light' | 'dark' }): Promise<BrowserContext>;
  /** Asks the API as this machine. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

/** Starts a room without its first run, unless `env` says otherwise. */
export async function browsedRoom(env: Readonly<Record<string, string>> = {}): Promise<BrowsedRoom> {
  const home = new TestHome();
  const room = home.start(['start', '--port', '0', '--json'], env);
  await room.saw('"url"', START_MS);
  const { url } = JSON.parse(room.stdout().split('\n')[0] ?? '') as { url: string };
  const token = (await readFile(join(home.path, 'local.token'), 'utf8')).trim();
  const browser = await chromium.launch({ executablePath: findProgram('chromium') ?? '', args: ['--no-sandbox'] });
  return {
    home,
    url,
    browser,
    person: ({ width = 1440, height = 900, theme = 'light' } = {}) =>
      browser.newContext({
        baseURL: url,
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: 'reduce',
        extraHTTPHeaders: { 'x-api-key': token },
      }),
    ask: async (method, path, body) => {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { 'x-api-key': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    close: async () => {
      await browser.close();
      await home.close();
    },
  };
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
}

/** The rules of axe that look at colours: of a page that was looked at in one theme, all that another can break. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong on the page (WCAG 2.1 A and AA, best practice), a line each.
 *
 * @param only `colours`: the page was looked at as it stands, in another theme
 */
export async function axeFindings(page: Page, only?: 'colours'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const rules = only && { runOnly: OF_COLOURS };
  return page.evaluate(
    async (options) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run(options);
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 300)}`),
      );
    },
    { resultTypes: ['violations'], ...rules },
  );
}

/** Keeps a picture of the page for whoever wants to look at it. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** How wide the page is, in CSS pixels: more than the window means that it scrolls sideways. */
export function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth');
}

/** The words of what stands, all or in part, to the right of the window: in a box of its own that scrolls, nobody looks for it there. */
export function beyond(page: Page, selector: string): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map((element) => element.textContent)`);
}
