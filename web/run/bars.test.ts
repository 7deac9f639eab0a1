import { expect, test } from 'vitest';
import { barsOf, busySpans, noteOf } from './bars.js';
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

test('the work before a person settled a step is no idle time, their wait is', () => {
  const person = { by: 'user:ada@mill-2', reason: 'It had come far enough.' };
  const settled = { status: 'done' as const, startedAt: at(600), endedAt: at(600) };
  const worked = { status: 'unknown' as const, startedAt: at(0), endedAt: at(16) };
  expect(busySpans([step({ person, status: 'done', tries: [worked, settled] })], ms(900))).toEqual([
    { fromMs: ms(0), toMs: ms(16) },
  ]);
  const waited = { status: 'waiting' as const, startedAt: at(0), endedAt: null };
  expect(busySpans([step({ person, status: 'done', tries: [waited, settled] })], ms(900))).toEqual([]);
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
