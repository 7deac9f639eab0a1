import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leftOut, readAnew, told } from './fold.js';
import type { Board, BoardEvent, BoardRun } from './model.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const run: BoardRun = {
  runId: 'r',
  shortId: 'r',
  seq: 1,
  title: 'Deploy',
  status: 'queued',
  word: null,
  lane: 'B',
  target: '',
  requestedBy: 'ann',
  host: null,
  rollingBack: false,
  queuedAt: at(0),
  startedAt: null,
  endedAt: null,
  since: at(0),
  place: 1,
  waiting: null,
  asksPerson: false,
  error: null,
  progress: { done: 0, total: 2 },
  steps: [],
  expected: null,
  expectedStart: null,
};
const board: Board = {
  now: at(0),
  cursor: '1',
  minutes: 60,
  tally: { queued: 1, running: 0, needsYou: 0, notUndone: 0, approvals: 0, parked: 0, ended: 0 },
  lanes: [],
  runs: [run],
  cut: { queued: 0, running: 0, parked: 0, ended: 0 },
  workers: [],
  causes: [],
  needsYou: [],
  events: [],
};
const event = (seq: number, type: string, more: Partial<BoardEvent> = {}): BoardEvent => ({
  run: 'r',
  title: 'Deploy',
  lane: 'B',
  seq,
  type,
  step: type.startsWith('step.') ? 'a' : null,
  item: type.startsWith('step.') ? -1 : null,
  attempt: 1,
  data: null,
  at: at(seq),
  ...more,
});
const STORY = [
  event(2, 'run.started'),
  event(3, 'step.started'),
  event(4, 'step.retrying', { data: { word: 'failed' } }),
  event(5, 'step.started', { attempt: 2 }),
  event(6, 'step.done', { attempt: 2, data: { word: 'proven' } }),
  event(7, 'step.waiting', { step: 'b' }),
  event(8, 'run.waiting', { data: { code: 'MANUAL', what: 'Look.', mend: 'Confirm.', step: 'b' } }),
  event(9, 'run.queued'),
  event(10, 'run.taken'),
  event(11, 'step.done', { step: 'b', data: { by: 'ann' } }),
  event(12, 'run.succeeded', { data: { word: 'proven', error: null } }),
];
const first = (known: { board: Board }) => known.board.runs[0];

describe('the board after events', () => {
  test('follows a run from the queue to its end', () => {
    const known = readAnew(board);
    expect(first(told(known, STORY.slice(0, 3)))).toMatchObject({
      status: 'running',
      startedAt: at(2),
      place: null,
      steps: [{ id: 'a', status: 'retrying', startedAt: at(3), endedAt: at(4) }],
    });
    expect(first(told(known, STORY.slice(0, 7)))).toMatchObject({
      status: 'waiting',
      since: at(8),
      waiting: { code: 'MANUAL', step: 'b' },
      progress: { done: 1, total: 2 },
      steps: [
        { id: 'a', status: 'done', word: 'proven', startedAt: at(3), endedAt: at(6) },
        { id: 'b', status: 'waiting', endedAt: null },
      ],
    });
    expect(first(told(known, STORY))).toMatchObject({
      status: 'succeeded',
      word: 'proven',
      startedAt: at(2),
      endedAt: at(12),
      waiting: null,
      progress: { done: 2, total: 2 },
    });
  });

  test('is the same however the events are cut, and whichever come twice or were in it when it was read', () => {
    const whole = told(readAnew(board), STORY);
    fc.assert(
      fc.property(fc.nat(STORY.length), fc.nat(STORY.length), fc.nat(STORY.length), (one, other, readAt) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const known = told(told(told(readAnew(board), STORY.slice(0, high)), STORY.slice(low)), STORY);
        expect(known.board).toEqual(whole.board);
        const read = told(readAnew(board), STORY.slice(0, readAt)).board;
        expect(readAnew({ ...read, events: [] }, whole.recent).board.runs).toEqual(whole.board.runs);
      }),
    );
  });

  test('knows when it must be read again: queues and runs that it does not show', () => {
    const known = readAnew(board);
    expect(told(known, [event(2, 'run.started')]).behind).toBe(true);
    expect(told(known, [event(1, 'run.created', { run: 'new' })]).behind).toBe(true);
    const running = readAnew(told(known, STORY.slice(0, 2)).board);
    expect(told(running, [event(4, 'step.done')]).behind).toBe(false);
    expect(told(running, [event(3, 'step.done')])).toBe(running);
    const elsewhere = [event(1, 'run.created', { run: 'new' })];
    expect(readAnew({ ...board, now: at(0) }, elsewhere).behind).toBe(true);
    expect(readAnew({ ...board, now: at(2) }, elsewhere).behind).toBe(false);
  });

  test('knows a clock from a person, and is read again where somebody is asked beside what goes on, and no longer', () => {
    const running = readAnew(told(readAnew(board), STORY.slice(0, 2)).board);
    const clock = told(running, [event(4, 'step.waiting', { step: 'b', data: { until: at(99) } })]);
    expect(first(clock)?.steps[1]).toMatchObject({ status: 'waiting', wakeAt: at(99) });
    const asking = told(running, [event(4, 'step.waiting', { step: 'b', data: { until: null } })]);
    expect([first(asking)?.steps[1]?.wakeAt, asking.behind]).toEqual([null, true]);
    expect(told(readAnew(asking.board), [event(5, 'step.done', { step: 'b' })]).behind).toBe(true);
    expect(told(readAnew(asking.board), [event(5, 'step.done')]).behind).toBe(false);
    const item = event(5, 'step.answered', { step: 'each', item: 2 });
    const asked = { ...running.board, runs: running.board.runs.map((one) => ({ ...one, asksPerson: true })) };
    expect([told(running, [item]).behind, told(readAnew(asked), [item]).behind]).toEqual([false, true]);
    expect(told(readAnew(asked), [{ ...item, type: 'step.started' }]).behind).toBe(false);
    expect(told(readAnew(asked), [event(5, 'step.done', { step: 'joined' })]).behind).toBe(true);
  });

  test('a question that comes while the board is read shows at once, and has it read again', () => {
    const { board: read } = told(readAnew(board), STORY.slice(0, 2));
    const asking = event(4, 'step.waiting', { step: 'b', data: { until: null } });
    const clock = event(4, 'step.waiting', { step: 'b', data: { until: at(99) } });
    const after = readAnew({ ...read, now: at(3) }, [asking]);
    expect([first(after)?.asksPerson, after.behind]).toEqual([true, true]);
    expect(first(readAnew({ ...read, now: at(3) }, [clock]))?.asksPerson).toBe(false);
    expect(readAnew({ ...read, now: at(3) }, [event(4, 'step.done', { step: 'b' })]).behind).toBe(false);
    const waits = { ...read, now: at(4), runs: after.board.runs };
    expect(readAnew(waits, [event(5, 'step.done', { step: 'b' })]).behind).toBe(true);
  });

  test('says from its event on why a run rolls back', () => {
    const error = { code: 'RUN_TIMEOUT', message: 'Too long.' };
    const known = told(readAnew(board), [event(2, 'run.started'), event(3, 'run.rollback', { data: { error } })]);
    expect(first(known)).toMatchObject({ rollingBack: true, error });
  });

  test('that skipped a flood shows what it knew until a board was read that is as far', () => {
    const known = told(readAnew(board), STORY.slice(0, 2));
    const skipped = leftOut(known, '40-38');
    expect(skipped).toMatchObject({ board: known.board, recent: [], behind: true });
    const early = readAnew({ ...board, cursor: '39' }, skipped.recent, skipped.since);
    expect(early.behind).toBe(true);
    expect(readAnew({ ...board, cursor: '40' }, early.recent, early.since).behind).toBe(false);
  });

  test('lists what tells something, the latest first', () => {
    const { events } = told(readAnew(board), STORY).board;
    expect(events.map(({ seq }) => seq)).toEqual([12, 11, 10, 9, 8, 7, 6, 4, 2]);
  });

  test('an item that is done does not end its step', () => {
    const known = told(readAnew(board), [
      event(2, 'run.started'),
      event(3, 'step.started', { item: 0 }),
      event(4, 'step.done', { item: 0 }),
    ]);
    expect(first(known)).toMatchObject({ steps: [{ status: 'running', endedAt: null }], progress: { done: 0 } });
  });
});
