import { expect, test } from 'vitest';
import { doneWord, restsOn } from './done-word.js';

const done = (word: string | null, by?: string) => ({
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
  const skipped = { status: 'skipped', word: null, person: null };
  expect(restsOn([done('exit code only'), done('proven'), skipped, done('exit code only', 'user:ada@vm')])).toBe(
    '1 proven, 1 exit code only, 1 confirmed by a person',
  );
  expect(restsOn([done('proven'), done('proven'), skipped])).toBeUndefined();
  expect(restsOn([done('proven'), { ...done('exit code only'), items: { total: 0 } }])).toBeUndefined();
  expect(restsOn([])).toBeUndefined();
});
