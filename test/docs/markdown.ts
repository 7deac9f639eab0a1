import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, type Source, trackedTexts } from '../architecture/sources.js';

export interface Fence {
  readonly file: string;
  /** Of the first line inside, from 1. */
  readonly line: number;
  /** What stands behind the three backticks: `yaml`, `yaml refused PLAN_CYCLE`. */
  readonly info: string;
  readonly text: string;
}

const FENCE = /^```([^\n`]*)\n([\s\S]*?)^```\s*$/gm;

/** Every Markdown page of the checkout. */
export function pages(): Source[] {
  return trackedTexts().filter((source) => source.path.endsWith('.md'));
}

/** The fenced blocks of a page. */
export function fences({ path: file, text }: Source): Fence[] {
  return [...text.matchAll(FENCE)].map((found) => ({
    file,
    line: text.slice(0, found.index).split('\n').length + 1,
    info: (found[1] ?? '').trim(),
    text: found[2] ?? '',
  }));
}

/** The page with its fenced blocks blanked, and lines kept. */
export function prose(text: string): string {
  return text.replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, ''));
}

/** The anchors that GitHub gives to the headings of a page: lower case, without punctuation, blanks as "-", repeats numbered. */
export function anchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    found.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return found;
}

/**
 * Why a link of a page leads nowhere; undefined when it does lead somewhere, or leaves the checkout.
 *
 * @param from the page, relative to the checkout
 */
export function deadEnd(from: string, target: string, texts: ReadonlyMap<string, string>): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : relative(ROOT, join(ROOT, dirname(from), decodeURIComponent(path)));
  if (file.startsWith('..')) return `${target} leads out of the checkout`;
  if (!texts.has(file) && !existsSync(join(ROOT, file))) return `there is no ${file}`;
  const text = texts.get(file);
  if (anchor === undefined || text === undefined || anchors(text).has(anchor)) return undefined;
  return `${file} has no heading #${anchor}`;
}
