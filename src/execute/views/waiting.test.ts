import { expect, test } from 'vitest';
import type { QueueFacts } from './store.js';
import { holdOf, rateHoldOf } from './waiting.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const run = {
  status: 'queued',
  parked: null,
  not_before: null,
  concurrency_key: 'shop',
  lane: 'B',
  host: 'alpha',
  requested_by: 'user:ann@alpha',
} as const;
const room: QueueFacts = { laneWidth: 4, laneUsed: 0, userCap: 10, userUsed: 0, keyHolder: null, workers: 1 };

test.each([
  ['NOT_BEFORE', { not_before: new Date(NOW + 1) }, {}],
  ['KEY_HELD', {}, { keyHolder: 'some-run', laneUsed: 4 }],
  ['USER_LIMIT', {}, { userUsed: 10, laneUsed: 4 }],
  ['LANE_FULL', {}, { laneUsed: 4 }],
  ['NEXT', { not_before: new Date(NOW) }, {}],
  ['NO_WORKER', { status: 'released' as const }, { workers: 0 }],
  ['NEXT', { status: 'released' as const }, {}],
])('%s', (code, ofRun, ofRoom) => {
  expect(holdOf({ ...run, ...ofRun }, { ...room, ...ofRoom }, NOW)?.code).toBe(code);
});

test('a parked run says itself why it waits; a running one is held by nothing', () => {
  const parked = { code: 'MANUAL', what: 'w', mend: 'm', step: 's' } as const;
  expect(holdOf({ ...run, status: 'waiting', parked }, room, NOW)).toEqual(parked);
  expect(holdOf({ ...run, status: 'running' }, room, NOW)).toBeUndefined();
});

test('a rate is named where it holds back all that runs, with how often it lets calls through', () => {
  const held = { limit: 'tool:shell', perSecond: 0.5, burst: 1, until: '2026-01-01T00:00:02.000Z' };
  const by = new Map([['b', held]]);
  const running = (...ids: string[]) => ids.map((id) => ({ id, status: 'running' }));
  const done = { id: 'a', status: 'done' };
  expect(rateHoldOf([done, ...running('b')], by)).toMatchObject({
    code: 'RATE',
    step: 'b',
    what: expect.stringContaining('shell may be called 30 times a minute'),
  });
  expect(rateHoldOf(running('b', 'c'), by)).toBeUndefined();
  expect(rateHoldOf([done], by)).toBeUndefined();
});
