import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { type Migration, pendingMigrations, readMigrations } from './migrate.js';

const migration = (number: number): Migration => ({ number, name: `m${number}`, sql: '', sha256: `sha-${number}` });
const applied = (...numbers: number[]) => numbers.map((number) => ({ number, sha256: `sha-${number}` }));

function refusal(known: Migration[], done: ReturnType<typeof applied>): string {
  try {
    pendingMigrations(known, done);
  } catch (error) {
    if (error instanceof OpsroomError) return error.code;
  }
  return 'accepted';
}

test('what is missing comes in order of its number', () => {
  const known = [migration(3), migration(1), migration(2)];
  expect(pendingMigrations(known, []).map((m) => m.number)).toEqual([1, 2, 3]);
  expect(pendingMigrations(known, applied(1, 2)).map((m) => m.number)).toEqual([3]);
  expect(pendingMigrations(known, applied(1, 2, 3))).toEqual([]);
});

test('a database from a newer version is refused, also when nothing else is missing', () => {
  expect(refusal([migration(1)], applied(1, 2))).toBe('DATA_DIR_NEWER');
});

test('a migration that was edited after it was applied is refused', () => {
  expect(refusal([migration(1), migration(2)], [{ number: 1, sha256: 'other' }])).toBe('DATABASE_FAILED');
});

test('the files are numbered from 1 without a gap', async () => {
  const numbers = (await readMigrations()).map((m) => m.number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
