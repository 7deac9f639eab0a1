import { expect, test } from 'vitest';
import { barsOf, noteOf } from './bars.js';
import type { RunStep } from './data.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 3, 0, second)).toISOString();
const ms = (second: number) => Date.parse(at(second));
const step = (more: Partial<RunStep>): RunStep => ({
  id: 'ask-drop',
  title: 'May it be dropped?',
  status: 'skipped',
  word: null,
  attempts: 2,
  startedAt: at(0),
  endedAt: at(16),
  error: null,
  isolation: null,
  person: null,
  wakeAt: null,
  question: null,
  reusedFrom: null,
  items: null,
  verdicts: [],
  tries: [],
  held: null,
  ...more,
});

test('a wait that a person has ended is drawn until then, however long the run went on', () => {
  const tries = [
    { status: 'waiting' as const, startedAt: at(0), endedAt: null },
    { status: 'skipped' as const, startedAt: at(16), endedAt: at(16) },
  ];
  expect(barsOf(step({ tries }), ms(600)).bars.map(({ fromMs, toMs, open }) => [fromMs, toMs, open])).toEqual([
    [ms(0), ms(16), false],
    [ms(16), ms(16), false],
  ]);
});

test('what goes on is drawn until now', () => {
  const going = step({ status: 'waiting', endedAt: null, attempts: 1 });
  expect(barsOf(going, ms(60)).bars).toMatchObject([{ toMs: ms(60), open: true }]);
});

test('who settled a step is said by name, and whether it was left out', () => {
  const person = { by: 'user:ada@mill-2', reason: 'Somebody uses it.' };
  expect(noteOf(step({ person }), [])).toBe('left out by ada');
  expect(noteOf(step({ person, status: 'done' }), [])).toBe('by ada');
});
