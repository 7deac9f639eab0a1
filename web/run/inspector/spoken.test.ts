import { expect, test } from 'vitest';
import { guardedTitles, instructionsOf, itemOf, spokenKey, spokenOf, titleOf } from './spoken.js';

type Items = Parameters<typeof spokenOf>[2]['items'];

const step = { id: 'look', status: 'waiting' as const, wakeAt: null, question: null };
const question = { step: 'look#2', digest: 'd', message: 'Which?', fields: [], url: null, warning: null };
const row = (item: number, status: 'waiting' | 'done' | 'failed' | 'unknown', wakeAt: string | null = null) => ({
  item,
  status,
  wakeAt,
  word: null,
  attempt: 1,
  startedAt: '2026-11-21T10:00:00.000Z',
  endedAt: null,
  error: null,
});
const detail = (page: ReturnType<typeof row>[] | null, more: object = {}) => ({
  attempts: [],
  question: null,
  written: {},
  items: (page && { page, next: null }) as Items,
  ...more,
});

test('of a step without items it is the step', () => {
  expect(spokenOf(null, step, detail(null), -1)).toEqual({
    unit: 'look',
    status: 'waiting',
    waits: true,
    question: null,
    others: false,
    guards: [],
  });
  expect(
    spokenOf(null, step, detail(null, { written: { instructions: 'Really?', guards: ['rm'] } }), -1)?.guards,
  ).toEqual(['rm']);
  expect(spokenOf(null, { ...step, wakeAt: '2026-11-21T10:00:00.000Z' }, detail(null), -1)?.waits).toBe(false);
});

test('of items it is the one that asks, the one that the run is parked for, or the first that waits', () => {
  const items = detail([row(0, 'done'), row(1, 'waiting'), row(2, 'waiting')]);
  expect(spokenOf(null, { ...step, question }, items, -1)).toMatchObject({ unit: 'look#2', question });
  expect(spokenOf({ step: 'look', item: 2 }, step, items, -1)).toMatchObject({ unit: 'look#2', waits: true });
  expect(spokenOf({ step: 'look', item: 500 }, step, detail([row(0, 'done')]), -1)).toMatchObject({
    unit: 'look#500',
    waits: true,
  });
  expect(spokenOf({ step: 'other', item: 2 }, step, items, -1)).toMatchObject({ unit: 'look#1', others: true });
});

test('an item that is looked at is spoken of itself, with what it asks', () => {
  const asked = { ...question, step: 'look#1' };
  const one = detail([row(1, 'waiting')], { attempts: [row(1, 'waiting')], question: asked });
  expect(spokenOf(null, { ...step, question }, one, 1)).toMatchObject({ unit: 'look#1', question: asked, waits: true });
});

test('where none waits it is one that nobody knows the end of, then one that failed for good; else there is none', () => {
  const failed = [row(0, 'failed', '2026-11-21T10:00:00.000Z'), row(1, 'failed')];
  expect(spokenOf(null, step, detail([...failed, row(2, 'unknown')]), -1)).toMatchObject({ unit: 'look#2' });
  expect(spokenOf(null, step, detail(failed), -1)).toMatchObject({ unit: 'look#1', status: 'failed', waits: false });
  expect(spokenOf(null, step, detail([row(0, 'done')]), -1)).toBeUndefined();
});

test('a word is begun anew for another item, and for the next question of the same', () => {
  const of = (unit: string, digest?: string) =>
    spokenKey({ unit, question: digest === undefined ? null : { ...question, digest } });
  const keys = [of('look'), of('look#0'), of('look#1'), of('look#1', 'd'), of('look#1', 'e')];
  expect(new Set(keys).size).toBe(keys.length);
  expect(of('look#1', 'd')).toBe(of('look#1', 'd'));
  expect(['look', 'look#0', 'up/look#12'].map(itemOf)).toEqual([-1, 0, 12]);
});

test('what is asked is told as rendered, and only of a step that a person does', () => {
  const written = { instructions: 'Drop {{ inputs.base }}?' };
  const attempts = [{ ...row(0, 'waiting'), args: { instructions: 'Drop shop?' } }] as never;
  expect(instructionsOf({ action: 'manual', attempts, written })).toBe('Drop shop?');
  expect(instructionsOf({ action: 'manual', attempts: [], written })).toBe('Drop {{ inputs.base }}?');
  expect(instructionsOf({ action: 'run', attempts, written })).toBeUndefined();
});

test('what is guarded is told by its title; of a rollback it is of the same step', () => {
  const steps = [
    { id: 'drop', title: 'Drop it' },
    { id: 'up/drop', title: 'Take it down' },
  ];
  expect(guardedTitles(steps, { unit: 'ask', guards: ['drop', 'gone'] })).toEqual(['Drop it', 'gone']);
  expect(guardedTitles(steps, { unit: 'up/ask', guards: ['drop'] })).toEqual(['Take it down']);
});

test('the heading says whether it waits, whether nobody knows how far it came, and of which item', () => {
  expect(titleOf({ unit: 'look', waits: true, status: 'waiting' })).toBe('It waits for you');
  expect(titleOf({ unit: 'each#1', waits: false, status: 'unknown' })).toBe('Nobody knows how far each#1 came');
  expect(titleOf({ unit: 'look', waits: false, status: 'failed' })).toBe('Settle it yourself');
});
