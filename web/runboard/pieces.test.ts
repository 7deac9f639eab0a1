import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoardRun, Segment } from './model.js';
import { piecesOf } from './pieces.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const segment = (id: string, from: number, to: number | null, status: Segment['status'] = 'done'): Segment => ({
  id,
  status,
  word: status === 'done' ? 'proven' : null,
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  wakeAt: null,
  steps: 1,
});
const run = (steps: Segment[], more: Partial<BoardRun> = {}): BoardRun => ({
  runId: 'r',
  shortId: 'r',
  seq: 1,
  title: 'Deploy',
  status: 'running',
  word: null,
  lane: 'B',
  target: '',
  requestedBy: 'ann',
  host: null,
  rollingBack: false,
  queuedAt: at(0),
  startedAt: at(10),
  endedAt: null,
  since: at(10),
  place: null,
  waiting: null,
  asksPerson: false,
  error: null,
  progress: { done: 0, total: 2 },
  steps,
  expected: null,
  expectedStart: null,
  ...more,
});
const shown = (one: BoardRun, now: number) =>
  piecesOf(one, now * 1000).map(({ key, look, from, to }) => [key, look, from / 1000, to / 1000]);

describe('the bar', () => {
  test('a step that waits for a clock is no step that waits for a person, and a rollback that asks somebody is', () => {
    const look = segment('a', 10, null, 'waiting');
    const settle = { ...look, wakeAt: at(90) };
    // Also where the run goes on beside it, or somebody else is asked.
    for (const more of [{}, { status: 'waiting' }] as const) {
      expect(shown(run([settle], more), 30)).toEqual([['a', 'parked', 10, 30]]);
      expect(shown(run([look], more), 30)).toEqual([['a', 'waiting', 10, 30]]);
    }
    expect(piecesOf(run([settle]), 30_000)[0]?.title).toBe('a: waits for a time');
    const back = [segment('a/undo', 10, 20), segment('a/ask', 20, null, 'waiting')];
    expect(shown(run(back, { status: 'waiting', rollingBack: true }), 30)).toEqual([
      ['a/undo', 'rolled', 10, 20],
      ['a/ask', 'waiting', 20, 30],
    ]);
  });

  test('is made of steps one after the other; what is open goes on until now', () => {
    expect(shown(run([segment('a', 10, 20), segment('b', 20, null, 'running')]), 30)).toEqual([
      ['a', 'proven', 10, 20],
      ['b', 'running', 20, 30],
    ]);
  });

  test('shows a pause between steps, but no blink', () => {
    expect(
      shown(
        run([segment('a', 10, 20), segment('b', 20.4, 25), segment('c', 40, 45)], {
          status: 'succeeded',
          endedAt: at(45),
        }),
        60,
      ),
    ).toEqual([
      ['a', 'proven', 10, 20.4],
      ['b', 'proven', 20.4, 25],
      ['idle 25000', 'idle', 25, 40],
      ['c', 'proven', 40, 45],
    ]);
  });

  test('begins with its first step, however long that took to begin', () => {
    expect(shown(run([segment('a', 10.3, 20)]), 20)).toEqual([['a', 'proven', 10, 20]]);
    expect(shown(run([segment('a', 15, 20)]), 20)).toEqual([
      ['idle 10000', 'idle', 10, 15],
      ['a', 'proven', 15, 20],
    ]);
  });

  test('of steps side by side shows the last to begin, and then again what goes on behind it', () => {
    expect(shown(run([segment('a', 10, 40), segment('b', 15, 20)]), 40)).toEqual([
      ['a', 'proven', 10, 15],
      ['b', 'proven', 15, 20],
      ['a', 'proven', 20, 40],
    ]);
  });

  test('of a run that waits in line, or is parked, ends in that', () => {
    expect(shown(run([], { status: 'queued', startedAt: null }), 9)).toEqual([['run', 'queued', 0, 9]]);
    expect(shown(run([segment('a', 10, 20)], { status: 'paused' }), 30).at(-1)).toEqual(['run', 'parked', 20, 30]);
  });

  test('covers the run from its start to its end without a hole, whatever its steps', () => {
    const any = fc.array(fc.record({ from: fc.nat(50), for: fc.option(fc.nat(30)) }), { maxLength: 20, size: 'max' });
    fc.assert(
      fc.property(any, fc.nat(50), (drawn, more) => {
        const steps = drawn
          .sort((a, b) => a.from - b.from)
          .map(({ from, for: took }, n) => segment(`s${n}`, 10 + from, took === null ? null : 10 + from + took));
        const now = (100 + more) * 1000;
        const pieces = piecesOf(run(steps), now);
        expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([10_000, now]);
        for (const [n, piece] of pieces.entries()) {
          expect(piece.to).toBeGreaterThan(piece.from);
          if (n > 0) expect(piece.from).toBe(pieces[n - 1]?.to);
        }
      }),
    );
  });
});
