import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';

const { table } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as {
  table: Readonly<Record<string, readonly string[]>>;
};
const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const ranks = page.slice(page.indexOf('\n## Ranks'));

/** Folder → what it may import, as the page's table says. */
function told(): Record<string, string[]> {
  const rows = ranks.split('\n').flatMap((line) => {
    const [, folder, , imports] = /^\| `(\w+)` \|(.*)\| ([^|]+) \|$/.exec(line) ?? [];
    return folder !== undefined && Object.hasOwn(table, folder) ? [[folder, imports ?? ''] as const] : [];
  });
  return Object.fromEntries(
    rows.map(([folder, imports]) => [
      folder,
      imports === '–' ? [] : imports === 'all above' ? ['*'] : imports.split(' '),
    ]),
  );
}

const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).map(([folder, imports]) => [folder, imports.toSorted()]));

test('the import table of ARCHITECTURE.md is the law', () => {
  expect(sorted(told())).toEqual(sorted(table));
});

test('in it every folder stands below those that it may import', () => {
  const order = Object.keys(told());
  const upward = Object.entries(told()).flatMap(([folder, imports]) =>
    imports.filter((other) => order.indexOf(other) > order.indexOf(folder)).map((other) => `${folder} → ${other}`),
  );
  expect(upward).toEqual([]);
});

test('ARCHITECTURE.md stays one page', () => {
  expect(page.split('\n').length).toBeLessThan(75);
});
