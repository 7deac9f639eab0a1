import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFindings, shoot, widthOf } from './browser.js';

const HEIGHT = 900;
const LOOKS = [
  { width: 1440, theme: 'light' },
  { width: 1440, theme: 'dark' },
  { width: 360, theme: 'dark' },
  { width: 360, theme: 'light' },
] as const;

export interface Look {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
}

/**
 * Looks at a page that is open as it stands, wide and on a phone, in both themes: axe finds nothing, and nothing scrolls sideways.
 * Then the page is wide and light again.
 *
 * @param name of the pictures, `NAME-WIDTH-THEME`
 * @param shows what must be seen in every look; then the page is loaded anew for the phone, as it is opened there
 * @param more what else must hold of each look; its window is that wide by then
 */
export async function looks(
  page: Page,
  name: string,
  { shows, more }: { shows?: Locator; more?: (look: Look) => Promise<void> } = {},
): Promise<void> {
  let loaded = page.viewportSize()?.width;
  let judged = 0;
  for (const { width, theme } of LOOKS) {
    const height = width < 800 ? 780 : HEIGHT;
    await page.setViewportSize({ width, height });
    // A theme that fades in has, meanwhile, colours of neither.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    if (shows && width !== loaded) await page.reload();
    loaded = width;
    await shows?.first().waitFor();
    await more?.({ width, height, theme });
    await shoot(page, `${name}-${width}-${theme}`);
    expect(await axeFindings(page, width === judged ? 'colours' : undefined), `${name} ${width} ${theme}`).toEqual([]);
    judged = width;
    expect(await widthOf(page), `${name} ${width} ${theme}`).toBeLessThanOrEqual(width);
  }
  await page.setViewportSize({ width: 1440, height: HEIGHT });
}
