import { AT, RUN } from './example-run.js';

const LATER = '019ab3c0-8e11-7a02-8f31-5b1d9c2a7e44';
const NOW = '2026-11-21T06:16:40.000Z';

const run = {
  runId: RUN,
  shortId: '6f4e1d20',
  seq: 3,
  title: 'Say hello',
  status: 'running',
  word: null,
  lane: 'B',
  target: 'shop/staging',
  requestedBy: 'key:ci',
  host: 'build-1',
  rollingBack: false,
  queuedAt: AT,
  startedAt: AT,
  endedAt: null,
  since: AT,
  place: null,
  waiting: null,
  asksPerson: false,
  error: null,
  progress: { done: 0, total: 1 },
  steps: [{ id: 'hello', status: 'running', word: null, startedAt: AT, endedAt: null, wakeAt: null, steps: 1 }],
  expected: { p50At: '2026-11-21T06:17:10.000Z', p90At: '2026-11-21T06:18:00.000Z', runs: 12 },
  expectedStart: null,
};

/** The example of `runboard.get`. */
export const RUNBOARD_EXAMPLE = {
  input: { minutes: 60 },
  output: {
    now: NOW,
    cursor: '81207',
    minutes: 60,
    tally: { queued: 1, running: 1, needsYou: 0, notUndone: 0, approvals: 0, parked: 0, ended: 0 },
    lanes: [{ lane: 'B', width: 1, inUse: 1, depth: 1, oldestWaitSince: NOW }],
    runs: [
      run,
      {
        ...run,
        runId: LATER,
        shortId: '9c2a7e44',
        seq: 1,
        status: 'queued',
        queuedAt: NOW,
        startedAt: null,
        since: NOW,
        place: 1,
        waiting: {
          code: 'LANE_FULL',
          what: 'Lane B is full: 1 of 1.',
          mend: 'Wait, or submit it to another lane with --lane.',
          step: null,
          until: null,
        },
        steps: [],
        expected: null,
        expectedStart: '2026-11-21T06:17:10.000Z',
      },
    ],
    cut: { queued: 0, running: 0, parked: 0, ended: 0 },
    workers: [
      {
        name: 'build-1/019a',
        host: 'build-1',
        takes: 'all',
        state: 'beating',
        lastBeatAt: NOW,
        lanes: ['A', 'B', 'C', 'D'],
        slots: { inUse: 1, of: 16 },
      },
    ],
    causes: [
      {
        code: 'LANE_FULL',
        title: 'Lane B is full',
        what: '1 run waits.',
        mend: 'That run should free a place.',
        runs: 1,
        since: NOW,
        lane: 'B',
        host: null,
        lastBeatAt: null,
        ends: { runId: RUN, title: 'Say hello', at: '2026-11-21T06:17:10.000Z' },
      },
    ],
    needsYou: [],
    events: [
      {
        run: LATER,
        title: 'Say hello',
        lane: 'B',
        seq: 1,
        type: 'run.created',
        step: null,
        item: null,
        attempt: null,
        data: { by: 'key:ci', parent: null },
        at: NOW,
      },
    ],
  },
};
