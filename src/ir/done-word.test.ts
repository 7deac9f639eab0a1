import { expect, test } from 'vitest';
import { doneWord, restsOn } from './done-word.js';

const as = (status: string, word: string | null = null) => ({ id: 'a', status, word, person: null });
const done = (word: string | null, by?: string) => ({
  id: 'a',
  status: 'done',
  word,
  person: by === undefined ? null : { by },
});

test.each([
  [done('exit code only', 'user:ada@vm'), 'confirmed by ada'],
  [done(null, 'key:ci'), 'confirmed by key:ci'],
  [done('proven', 'user:ada@vm'), 'proven'],
  [done('exit code only'), 'exit code only'],
  [done(null), 'done'],
  [{ ...done('exit code only'), items: { total: 2 } }, 'exit code only'],
  [{ ...done('exit code only'), items: { total: 0 } }, 'no items'],
])('%j rests on: %s', (step, word) => {
  expect(doneWord(step)).toBe(word);
});

test('a run says what each part of it rests on, unless one word says it all', () => {
  const steps = [done('exit code only'), done('proven'), as('skipped'), done('exit code only', 'user:ada@vm')];
  expect(restsOn(steps)).toBe('1 proven, 1 exit code only, 1 confirmed by a person, 1 skipped');
  expect(restsOn([done('proven'), { ...done('exit code only'), items: { total: 0 } }])).toBe('1 proven, 1 no items');
  expect(restsOn([done('proven'), done('proven')])).toBeUndefined();
  expect(restsOn([as('skipped'), as('skipped')])).toBe('2 skipped');
  expect(restsOn([])).toBeUndefined();
});

test('of a run that went wrong it adds up to its steps, without those that took something back', () => {
  const undo = { ...done('proven'), id: 'a/undo' };
  expect(restsOn([done('exit code only'), undo, as('failed', 'failed'), as('pending'), as('pending')])).toBe(
    '1 exit code only, 1 failed, 2 not begun',
  );
  expect(restsOn([done('proven'), undo, as('unknown'), as('cancelled')])).toBe('1 proven, 1 unknown, 1 cancelled');
});
