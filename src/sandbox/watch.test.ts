import { expect, test } from 'vitest';
import type { ProcessRow } from './groups.js';
import { countProcesses } from './watch.js';

const row = (pid: number, parent: number, group: number): ProcessRow => ({ pid, parent, group, state: 'S' });

test('a step is its group, whoever took its members over, and what is below it, in whatever group', () => {
  const table = [row(1, 0, 1), row(10, 1, 10), row(11, 10, 10), row(12, 1, 10), row(13, 11, 13), row(14, 1, 14)];
  expect(countProcesses(table, 10)).toBe(4);
  expect(countProcesses([], 10)).toBe(0);
});
