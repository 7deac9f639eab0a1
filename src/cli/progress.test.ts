import { expect, test } from 'vitest';
import { Progress } from './progress.js';

const at = (ms: number) => new Date(ms);
const event = (type: string, step: string | null, ms: number, more: { item?: number; data?: object } = {}) => ({
  type,
  step,
  item: more.item ?? (step === null ? null : -1),
  data: JSON.parse(JSON.stringify(more.data ?? null)),
  at: at(ms),
});

test('counts steps, names what runs, and tells how long each took', () => {
  const progress = new Progress(1, 3, 0);
  expect(progress.take(event('step.started', 'build', 0))).toBe('… build');
  expect(progress.summary(2500)).toBe('1/3  build  2.5 s');
  expect(progress.take(event('step.done', 'build', 4000, { data: { word: 'proven' } }))).toBe('✓ build  proven  4.0 s');
  expect(progress.summary(5000)).toBe('2/3  5.0 s');
});

test('neither an item nor a compensation counts as a step', () => {
  const progress = new Progress(0, 2, 0);
  progress.take(event('step.done', 'fan', 0, { item: 3 }));
  progress.take(event('step.done', 'fan/undo', 0));
  expect(progress.summary(0)).toBe('0/2  0 ms');
  progress.take(event('step.done', 'fan', 0));
  expect(progress.summary(0)).toBe('1/2  0 ms');
});

test('says what is waited for only while something is', () => {
  const progress = new Progress(0, 1, 0);
  expect(progress.summary(0)).toBe('0/1  0 ms');
  progress.take(event('step.waiting', 'look', 0));
  expect(progress.summary(0)).toBe('0/1  waiting for look  0 ms');
  progress.take(event('step.done', 'look', 0));
  expect(progress.summary(0)).toBe('1/1  finishing  0 ms');
  progress.take(event('run.rollback', null, 0, { data: { cause: 'request' } }));
  expect(progress.summary(0)).toBe('1/1  rolling back  0 ms');
});

test('a failure tells its message on one line, whatever is in it', () => {
  const line = new Progress(0, 1, 0).take(
    event('step.failed', 'x', 0, { data: { error: { message: 'a\n\u001B[2Jb' } } }),
  );
  expect(line).toBe('✗ x  a [2Jb');
});

test('a step with an empty list has no items, and no verdict on what it did', () => {
  const progress = new Progress(0, 2, 0);
  expect(progress.take(event('step.expanded', 'none', 0, { data: { items: 0 } }))).toBeUndefined();
  progress.take(event('step.expanded', 'each', 0, { data: { items: 2 } }));
  const done = (step: string) => progress.take(event('step.done', step, 0, { data: { word: 'exit code only' } }));
  expect([done('none'), done('each')]).toEqual(['✓ none  no items', '✓ each  exit code only']);
  expect(progress.summary(0)).toBe('2/2  finishing  0 ms');
});
