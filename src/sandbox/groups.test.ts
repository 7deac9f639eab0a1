import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descendants, type ProcessRow, parseStat } from './groups.js';

describe('a line of /proc/PID/stat', () => {
  test('an ordinary one', () => {
    expect(parseStat('4711 (sh) S 12 4711 4711 0 -1 4194304')).toEqual({
      pid: 4711,
      state: 'S',
      parent: 12,
      group: 4711,
    });
  });

  test('a name that plays at being fields', () => {
    expect(parseStat('9 (a) Z 1 1 (\n) R 3 7 7 0')).toEqual({ pid: 9, state: 'R', parent: 3, group: 7 });
  });

  test.each(['', 'x', '12 (sh)'])('%j is none', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

const row = (pid: number, parent: number): ProcessRow => ({ pid, parent, group: 1, state: 'S' });

describe('the processes below one', () => {
  test('children and theirs, but not siblings or the root', () => {
    const table = [row(1, 0), row(2, 1), row(3, 2), row(4, 2), row(5, 4), row(6, 1)];
    expect(descendants(table, 2).sort((a, b) => a - b)).toEqual([3, 4, 5]);
  });

  test('every process but the first is below the first of a tree', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), (picks) => {
        const table = picks.map((pick, at) => row(at + 2, 1 + (pick % (at + 1))));
        expect(descendants(table, 1).sort((a, b) => a - b)).toEqual(table.map(({ pid }) => pid));
      }),
    );
  });
});
