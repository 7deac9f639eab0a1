import { describe, expect, test } from 'vitest';
import { applyEvents, type RunEvent } from './apply-events.js';
import { barsOf, busySpans, noteOf, tookMs } from './bars.js';
import type { Run, RunStep } from './data.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const step = (id: string, more: Partial<RunStep> = {}): RunStep => ({
  id,
  title: id,
  status: 'pending',
  word: null,
  attempts: 0,
  startedAt: null,
  endedAt: null,
  error: null,
  isolation: null,
  person: null,
  wakeAt: null,
  held: null,
  question: null,
  reusedFrom: null,
  items: null,
  verdicts: [],
  tries: [],
  ...more,
});
const run = (...steps: RunStep[]) => ({ seq: 3, steps, progress: { done: 0, total: steps.length } }) as unknown as Run;
let seq = 3;
const event = (second: number, type: string, more: Partial<RunEvent> = {}): RunEvent => ({
  seq: ++seq,
  type,
  step: 'a',
  item: -1,
  attempt: 1,
  data: null,
  at: at(second),
  ...more,
});

describe('events', () => {
  test('move a step from begun to done, with its word and its times', () => {
    const begun = applyEvents(run(step('a'), step('b')), [event(1, 'step.started')]);
    expect(begun.steps[0]).toMatchObject({ status: 'running', startedAt: at(1), endedAt: null, attempts: 1 });
    const done = applyEvents(begun, [event(2, 'step.done', { data: { word: 'proven' } })]);
    expect(done.steps[0]).toMatchObject({ status: 'done', word: 'proven', endedAt: at(2), tries: [] });
    expect([done.progress.done, done.steps[1]]).toEqual([1, begun.steps[1]]);
  });

  test('that the view has already, those of items, and those of the run as a whole leave its steps alone', () => {
    const before = run(step('a'));
    expect(applyEvents(before, [event(1, 'step.started', { seq: 3 })])).toBe(before);
    const after = applyEvents(before, [event(1, 'step.started', { item: 4 }), event(1, 'run.signal', { step: null })]);
    expect(after.steps).toEqual(before.steps);
    expect(after.seq).toBe(seq);
  });

  test('of a second attempt keep the first, and the pause between them', () => {
    const view = applyEvents(run(step('a')), [
      event(1, 'step.started'),
      event(2, 'step.retrying', { data: { at: at(7), word: 'failed' } }),
      event(7, 'step.started', { attempt: 2 }),
      event(9, 'step.done', { attempt: 2, data: { word: 'exit code only' } }),
    ]);
    const [a] = view.steps as [RunStep];
    const { bars, pauses } = barsOf(a, 0);
    expect(bars.map(({ fromMs, toMs, shown }) => [fromMs, toMs, shown.word])).toEqual([
      [1000, 2000, 'failed'],
      [7000, 9000, 'exit code only'],
    ]);
    expect([pauses, tookMs(a, 0), noteOf(a, [])]).toEqual([[{ fromMs: 2000, toMs: 7000 }], 8000, '2 attempts']);
  });
});

describe('the row of a step', () => {
  test('that waits for its next attempt shows the pause up to now, and reaches no further', () => {
    const waits = step('a', { status: 'retrying', startedAt: at(1), endedAt: at(2), wakeAt: at(60), attempts: 1 });
    const { bars, pauses } = barsOf(waits, 10_000);
    expect([bars[0]?.shown.look, pauses]).toEqual(['failed', [{ fromMs: 2000, toMs: 10_000 }]]);
  });

  test('is open to now while it runs, and empty when another run did it', () => {
    expect(barsOf(step('a', { status: 'running', startedAt: at(1) }), 5000).bars[0]).toMatchObject({
      toMs: 5000,
      open: true,
    });
    const taken = step('a', {
      status: 'done',
      startedAt: at(1),
      endedAt: at(2),
      reusedFrom: '019ab3c0-0000-0000-0000-00000000beef',
    });
    expect([barsOf(taken, 0).bars, noteOf(taken, []), tookMs(taken, 0)]).toEqual([
      [],
      'taken over from 0000beef',
      undefined,
    ]);
  });

  test('of a wait for a person is idle time', () => {
    expect(busySpans([step('a', { status: 'waiting', startedAt: at(1) })], 9000)).toEqual([]);
    expect(busySpans([step('a', { status: 'running', startedAt: at(1) })], 9000)).toEqual([
      { fromMs: 1000, toMs: 9000 },
    ]);
  });

  test('says what its look does not', () => {
    expect(noteOf(step('a'), ['x', 'y'])).toBe('after x, y');
    expect(noteOf(step('a', { items: { total: 5, done: 3, failed: 1 } }), [])).toBe('3 of 5, 1 failed');
    expect(noteOf(step('a', { items: { total: 0, done: 0, failed: 0 } }), [])).toBe('no items');
    expect(noteOf(step('a', { status: 'done', word: 'proven' }), [])).toBeUndefined();
  });
});
