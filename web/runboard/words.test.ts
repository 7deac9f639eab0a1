import { expect, test } from 'vitest';
import type { BoardEvent, BoardRun } from './model.js';
import { elapsed, eventShown, eventText, inOrder, needText, noteOf, ordinal, runLook } from './words.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const run = (more: Partial<BoardRun>): BoardRun => ({
  runId: 'r',
  shortId: 'r',
  seq: 1,
  title: 'Deploy',
  status: 'queued',
  word: null,
  lane: 'B',
  target: '',
  requestedBy: 'ann',
  host: 'mill',
  rollingBack: false,
  queuedAt: at(0),
  startedAt: null,
  endedAt: null,
  since: at(0),
  place: null,
  waiting: null,
  asksPerson: false,
  error: null,
  progress: { done: 0, total: 1 },
  steps: [],
  expected: null,
  expectedStart: null,
  ...more,
});
const event = (more: Partial<BoardEvent>): BoardEvent => ({
  run: 'r',
  title: 'Deploy',
  lane: 'B',
  seq: 1,
  type: 'step.done',
  step: 'build',
  item: -1,
  attempt: 1,
  data: null,
  at: at(1),
  ...more,
});
const waiting = (code: string, step: string | null = null) => ({ code, what: '', mend: '', step, until: null });

test.each([
  ['2nd', run({ place: 2, waiting: waiting('LANE_FULL') })],
  ['needs mill', run({ status: 'released', waiting: waiting('NO_WORKER') })],
  ['starting', run({ status: 'released', waiting: waiting('NEXT') })],
  ['confirm look', run({ status: 'waiting', waiting: waiting('MANUAL', 'look') })],
  ['resolve write', run({ status: 'waiting', waiting: waiting('UNKNOWN', 'write') })],
  ['workspace lost', run({ status: 'waiting', waiting: waiting('WORKSPACE_LOST') })],
  ['paused', run({ status: 'paused', waiting: waiting('PAUSED') })],
  ['exit code only', run({ status: 'succeeded', word: 'exit code only', endedAt: at(1) })],
  ['Refused, 403', run({ status: 'failed', endedAt: at(1), error: { code: 'STEP_FAILED', message: 'Refused, 403' } })],
  ['rolled back', run({ status: 'rolled_back', endedAt: at(1) })],
  ['', run({ status: 'running', startedAt: at(1) })],
])('%s', (note, one) => {
  expect(noteOf(one)).toBe(note);
});

test('places in line', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '111th',
  ]);
});

test('what it waits for decides how a run looks', () => {
  expect(runLook(run({ status: 'waiting', waiting: waiting('MANUAL') })).look).toBe('waiting');
  expect(runLook(run({ status: 'waiting', waiting: waiting('UNKNOWN') })).look).toBe('unknown');
  expect(runLook(run({ status: 'waiting', waiting: waiting('RETRY') })).look).toBe('parked');
  expect(runLook(run({ status: 'running', rollingBack: true })).look).toBe('rolled');
  expect(runLook(run({ status: 'succeeded', word: 'holds, not proven by this step' })).look).toBe('holds');
});

test('in a lane: at work, waiting for somebody, the queue as it stands, ended', () => {
  const ended = run({ runId: 'ended', status: 'failed', endedAt: at(3) });
  const before = run({ runId: 'before', status: 'succeeded', endedAt: at(2) });
  const second = run({ runId: 'second', place: 2 });
  const next = run({ runId: 'next', place: 1 });
  const taken = run({ runId: 'taken', status: 'released' });
  const parked = run({ runId: 'parked', status: 'paused' });
  const young = run({ runId: 'young', status: 'running', startedAt: at(5) });
  const old = run({ runId: 'old', status: 'running', startedAt: at(4) });
  const order = inOrder([before, second, ended, next, young, parked, taken, old]).map(({ runId }) => runId);
  expect(order).toEqual(['old', 'young', 'parked', 'taken', 'next', 'second', 'ended', 'before']);
  const left = run({
    runId: 'left',
    status: 'failed',
    endedAt: at(1),
    error: { code: 'ROLLBACK_INCOMPLETE', message: '' },
  });
  expect(inOrder([ended, before, left, second]).map(({ runId }) => runId)).toEqual([
    'second',
    'left',
    'ended',
    'before',
  ]);
  expect(runLook(left)).toEqual({ look: 'unknown', word: 'failed, not all undone' });
});

test('how long: at work since it began, in line since it waits, of an end what it took', () => {
  expect(elapsed(run({ since: at(10) }), 70_000)).toBe('1:00');
  expect(elapsed(run({ status: 'failed', startedAt: at(10), endedAt: at(40) }), 70_000)).toBe('30.0 s');
  expect(elapsed(run({ status: 'cancelled', endedAt: at(40) }), 70_000)).toBe('–');
});

test('events tell their verdict, and where', () => {
  expect(eventShown(event({ data: { word: 'proven' } })).look).toBe('proven');
  expect(eventText(event({ item: 2 }))).toBe('build 3');
  expect(eventText(event({ type: 'step.failed' }))).toBe('build: failed');
  const waits = (until: string | null) => eventShown(event({ type: 'step.waiting', data: { until } })).look;
  expect([waits(at(9)), waits(null)]).toEqual(['parked', 'waiting']);
  expect(eventText(event({ type: 'run.created', step: null, item: null }))).toBe('queued in lane B');
  expect(eventText(event({ type: 'run.never_heard', step: null, item: null }))).toBe('run never heard');
});

test('what is asked is told as it stands; of a step whose end nobody knows what to do, and not how the room came to ask', () => {
  const what = 'Step charge was cut short, is not declared idempotent, and its verifiers do not prove it.';
  expect(needText({ kind: 'resolve', what })).toMatch(/^Nobody knows how far it came\. Look/);
  expect(needText({ kind: 'confirm', what: 'Look at it.' })).toBe('Look at it.');
  expect(needText({ kind: 'confirm', what: 'Delete \u202Eyadot' })).toBe('Delete ‹U+202E›yadot');
});
