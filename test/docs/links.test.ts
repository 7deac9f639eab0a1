import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, sourcesBelow } from '../architecture/sources.js';
import { anchors, deadEnd, fences, pages, prose } from './markdown.js';

const all = pages();
const texts = new Map(all.map(({ path, text }) => [path, text]));
const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length;

test('anchors are those of GitHub', () => {
  const text = '# The `if` field\n## Retry, time-out & undo\n## Retry, time-out & undo\n```\n# no heading\n```\n';
  expect([...anchors(text)]).toEqual(['the-if-field', 'retry-time-out--undo', 'retry-time-out--undo-1']);
});

test('a link that leads nowhere is known when it is seen', () => {
  const own = new Map([['docs/a.md', '# Here\n']]);
  expect(deadEnd('docs/a.md', '#here', own)).toBeUndefined();
  expect(deadEnd('docs/a.md', 'https://example.org/#x', own)).toBeUndefined();
  expect(deadEnd('docs/a.md', '#there', own)).toBe('docs/a.md has no heading #there');
  expect(deadEnd('docs/a.md', 'nowhere.md', own)).toBe('there is no docs/nowhere.md');
  expect(deadEnd('docs/a.md', '../../x', own)).toBe('../../x leads out of the checkout');
});

test('every relative link of every page leads to a file and to a heading of it', () => {
  const dead = all.flatMap(({ path, text }) => {
    const plain = prose(text).replaceAll(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
    return [...plain.matchAll(/\]\(([^()\s]+)\)/g)].flatMap((link) => {
      const why = deadEnd(path, link[1] ?? '', texts);
      return why === undefined ? [] : [`${path}:${lineOf(text, link.index)}: ${why}`];
    });
  });
  expect(dead).toEqual([]);
});

/** Below these, a path in backticks is one of ours. */
const OURS = /`((?:src|test|docs|examples|scripts|bench|bin)\/[\w./-]+)`/g;

test('every path of ours that a page names exists', () => {
  const missing = all.flatMap(({ path, text }) =>
    [...prose(text).matchAll(OURS)]
      .filter(([, named = '']) => !existsSync(join(ROOT, named)))
      .map((found) => `${path}:${lineOf(text, found.index)}: ${found[1]}`),
  );
  expect(missing).toEqual([]);
});

test('every page that the sources name exists, with the heading', () => {
  const dead = sourcesBelow('src').flatMap(({ path, text }) =>
    [...text.matchAll(/(?<![\w./:-])docs\/[\w./-]*\w(?:#[\w-]+)?/g)].flatMap((found) => {
      const why = deadEnd('README.md', found[0], texts);
      return why === undefined ? [] : [`${path}:${lineOf(text, found.index)}: ${why}`];
    }),
  );
  expect(dead).toEqual([]);
});

test('every block says what it is', () => {
  const bare = all.flatMap(fences).filter(({ info, file }) => info === '' && file === 'docs/plans.md');
  expect(bare).toEqual([]);
});
