import { expect, test } from 'vitest';
import { freeSpaceFinding, fullDiskProblems } from './disk.js';

const MIB = 1024 * 1024;

test('little room on the disk is said, very little is refused', () => {
  expect(freeSpaceFinding(4096 * MIB)).toMatchObject({ ok: true });
  expect(freeSpaceFinding(1000 * MIB)).toMatchObject({ ok: false, essential: false });
  expect(freeSpaceFinding(100 * MIB)).toMatchObject({ ok: false, essential: true });
});

test('a room that is up complains of what keeps it from writing, not of little room', () => {
  expect(fullDiskProblems(150 * MIB)).toEqual([]);
  expect(fullDiskProblems(32 * MIB)).toEqual([]);
  expect(fullDiskProblems(32 * MIB - 1)).toEqual([expect.stringContaining('full')]);
  expect(fullDiskProblems(0)).toEqual([expect.stringContaining('full')]);
});
