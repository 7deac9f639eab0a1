import { expect, test } from 'vitest';
import { errorFinder, type Finder, finder } from './find.js';

const looked = (finding: Finder, lines: readonly string[]): number[] => {
  for (const [n, line] of lines.entries()) {
    const err = line.startsWith('!');
    if (!finding.look(n + 1, err ? 'err' : 'out', err ? line.slice(1) : line)) break;
  }
  return [...finding.found];
};

test('a text is found in any case and across colours, up to a number of lines', () => {
  const lines = ['LOCK', 'no', 'a l\u001b[31mock\u001b[0m', 'lock', 'lock'];
  expect(looked(finder('lock', 3), lines)).toEqual([1, 3, 4]);
  expect(looked(finder('lock', 9), lines)).toEqual([1, 3, 4, 5]);
});

test.each<[string[], number[]]>([
  [['ok', 'npm ERR! code 1', 'error again'], [2]],
  [['0 errors', 'finished without error', '!warning: slow', 'done'], [3]],
  [['\u001b[31merror\u001b[0m: boom'], [1]],
  [['fine', 'all good'], []],
  [['!progress 1 %', '', 'Error: at last'], [3]],
])('the first error of %j', (lines, expected) => {
  expect(looked(errorFinder(), lines)).toEqual(expected);
});
