import { describe, expect, test } from 'vitest';
import { type CauseFacts, causesOf } from './causes.js';
import { expectedStarts } from './places.js';
import type { BoardRunView, BoardWorker, LaneView, Need } from './shape.js';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const lane = (more: Partial<LaneView>): LaneView => ({
  lane: 'B',
  width: 2,
  inUse: 0,
  depth: 0,
  oldestWaitSince: null,
  ...more,
});
let made = 0;
const run = (more: Partial<BoardRunView>): BoardRunView => ({
  runId: `run-${++made}`,
  shortId: '1',
  seq: 1,
  title: 'Deploy',
  status: 'queued',
  word: null,
  lane: 'B',
  target: '',
  requestedBy: 'ann',
  host: 'mill-2',
  rollingBack: false,
  queuedAt: at(0),
  startedAt: null,
  endedAt: null,
  since: at(1),
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
const held = (code: string, more: Partial<BoardRunView> = {}) =>
  run({ waiting: { code, what: `${code}.`, mend: 'Wait.', step: null, until: null }, ...more });
const running = (p50: number | null, more: Partial<BoardRunView> = {}) =>
  run({
    status: 'running',
    expected: p50 === null ? null : { p50At: at(p50), p90At: at(p50 + 5), runs: 3 },
    ...more,
  });
const facts = (more: Partial<CauseFacts>): CauseFacts => ({
  lanes: [],
  runs: [],
  workers: [],
  needs: [],
  needsYou: 0,
  atWork: 0,
  ...more,
});
const full = lane({ inUse: 2, depth: 3, oldestWaitSince: at(1) });

describe('why work waits', () => {
  test('nothing waits, nothing is said', () => {
    expect(causesOf(facts({ lanes: [lane({ inUse: 2 })], runs: [running(5)] }))).toEqual([]);
  });

  test('a full lane: how many wait, since when, and which run should free a place', () => {
    const soon = running(7, { title: 'Soon' });
    expect(causesOf(facts({ lanes: [full], runs: [running(9), soon, held('LANE_FULL')] }))).toMatchObject([
      {
        code: 'LANE_FULL',
        title: 'Lane B is full',
        what: '3 runs wait.',
        runs: 3,
        since: at(1),
        ends: { runId: soon.runId, title: 'Soon', at: at(7) },
      },
    ]);
  });

  test('a full lane of runs that nobody knows says what frees a place, and no time', () => {
    const [cause] = causesOf(facts({ lanes: [full], runs: [running(null)] }));
    expect(cause).toMatchObject({ ends: null, mend: 'A run that ends, or is cancelled, frees a place.' });
  });

  test('a lane whose places wait for a worker: the worker is what is missing', () => {
    const lost: BoardWorker = {
      name: 'mill-2/1',
      host: 'mill-2',
      takes: 'all',
      state: 'silent',
      lastBeatAt: at(0),
      lanes: [],
      slots: { inUse: 0, of: null },
    };
    const released = held('NO_WORKER', { status: 'released' });
    const causes = causesOf(facts({ lanes: [full], runs: [released, held('LANE_FULL')], workers: [lost] }));
    expect(causes).toMatchObject([
      {
        code: 'NO_WORKER',
        title: 'No worker on mill-2',
        what: '1 run waits.',
        mend: 'On mill-2: npx opsroom worker',
        lastBeatAt: at(0),
      },
    ]);
  });

  test('limits and keys are told once for each of them', () => {
    const runs = [
      held('USER_LIMIT'),
      held('USER_LIMIT', { since: at(0) }),
      held('USER_LIMIT', { requestedBy: 'bob' }),
      held('KEY_HELD'),
    ];
    expect(causesOf(facts({ runs })).map(({ title, runs: n, since }) => [title, n, since])).toEqual([
      ['ann is at the limit', 2, at(0)],
      ['bob is at the limit', 1, at(1)],
      ['Another run holds the key', 1, at(1)],
    ]);
  });

  test('what waits for a person takes no slot', () => {
    const needs = [{ since: at(5) }, { since: at(2) }] as Need[];
    expect(causesOf(facts({ needs, needsYou: 2 }))).toMatchObject([
      {
        code: 'PERSON',
        title: 'Waiting for you',
        what: '2 decisions. Meanwhile they take no slots of their lanes.',
        since: at(2),
      },
    ]);
  });

  test.each([
    [1, 0, '1 decision. Meanwhile it takes no slot of its lane.'],
    [1, 1, '1 decision. Meanwhile the rest of its run goes on.'],
    [3, 3, '3 decisions. Meanwhile the rest of their runs goes on.'],
    [3, 1, '3 decisions. Runs that do nothing else meanwhile take no slots of their lanes.'],
  ])('of %i that wait for a person, %i at work beside that: %s', (needsYou, atWork, what) => {
    expect(causesOf(facts({ needsYou, atWork }))).toMatchObject([{ code: 'PERSON', what }]);
  });
});

describe('when a place should be free', () => {
  const queue = [held('LANE_FULL'), held('LANE_FULL'), held('LANE_FULL')];
  test('for each in line: when those at work should have ended, one after the other', () => {
    const starts = expectedStarts([running(9), running(7), ...queue], [full]);
    expect(queue.map(({ runId }) => starts.get(runId))).toEqual([at(7), at(9), undefined]);
  });

  test('for nobody behind a run of which nothing is known, nor where there is room', () => {
    expect(expectedStarts([running(9), running(null), ...queue], [full]).size).toBe(0);
    expect(expectedStarts([running(9), ...queue], [lane({ inUse: 1 })]).size).toBe(0);
  });
});
