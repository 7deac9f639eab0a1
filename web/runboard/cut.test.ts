import { expect, test } from 'vitest';
import { axisOf } from './axis.js';
import { cutLane } from './cut.js';
import type { BoardRun } from './model.js';

const NOW = Date.UTC(2026, 10, 21, 12);
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const axis = axisOf('1h', NOW);
const run = (status: BoardRun['status'], minutes: number, more: Partial<BoardRun> = {}): BoardRun =>
  ({
    runId: `${status} ${minutes}`,
    status,
    queuedAt: ago(minutes),
    startedAt: status === 'queued' ? null : ago(minutes),
    endedAt: null,
    place: null,
    ...more,
  }) as BoardRun;
const many = (count: number, of: (n: number) => BoardRun) => Array.from({ length: count }, (_, n) => of(n));

test('of each kind the first are shown, and the rest are counted with those that were not read', () => {
  const runs = [
    ...many(30, (n) => run('succeeded', n + 1, { endedAt: ago(n) })),
    ...many(25, (n) => run('queued', n, { place: n + 1 })),
    ...many(30, (n) => run('running', n)),
  ];
  const { shown, more } = cutLane(runs, 400, axis);
  expect(shown).toHaveLength(24 + 8 + 8);
  expect(shown.slice(24, 27).map(({ place }) => place)).toEqual([1, 2, 3]);
  expect(shown.at(32)?.endedAt).toBe(ago(0));
  expect(more).toEqual([
    { text: '6 more at work or waiting', status: 'released,running,waiting,pausing,paused' },
    { text: '392 more queued', status: 'queued' },
    { text: '22 more that have ended', status: 'succeeded,failed,rolled_back,cancelled' },
  ]);
});

test('what ended before the time that is shown is out of sight; what still runs is not', () => {
  const runs = [run('succeeded', 100, { endedAt: ago(90) }), run('running', 300)];
  expect(cutLane(runs, 0, axis)).toEqual({ shown: [runs[1]], more: [] });
});
