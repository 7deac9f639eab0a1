import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_SEGMENTS, segmentsOf } from './segments.js';
import type { BegunStep } from './store.js';

const step = (more: Partial<BegunStep>): BegunStep => ({
  run: 'r',
  step: 's',
  status: 'done',
  word: 'proven',
  again: false,
  items: [],
  wakeAt: null,
  startedAt: new Date(1000),
  endedAt: new Date(2000),
  ...more,
});

describe('the bar of a run', () => {
  test.each([
    ['running', { status: 'running', word: null, endedAt: null }, 'running', null],
    [
      'failed and tried again',
      { status: 'failed', again: true, word: 'failed' },
      'retrying',
      '1970-01-01T00:00:02.000Z',
    ],
    ['failed', { status: 'failed', word: 'failed' }, 'failed', '1970-01-01T00:00:02.000Z'],
    ['of items, one running', { status: null, items: ['done', 'running'], endedAt: null }, 'running', null],
    ['of items, between two', { status: null, items: ['done'] }, 'running', null],
    ['of items, one failed', { status: null, items: ['done', 'failed'] }, 'failed', '1970-01-01T00:00:02.000Z'],
  ] as const)('%s', (_, more, status, endedAt) => {
    expect(segmentsOf([step(more as Partial<BegunStep>)], 'running')).toMatchObject([{ status, endedAt }]);
  });

  test('of a step that waits tells when it goes on by itself, and of nothing else', () => {
    const waits = { status: 'waiting', endedAt: null, wakeAt: new Date(9000) } as const;
    const [clock, person, done] = segmentsOf([step(waits), step({ ...waits, wakeAt: null }), step({})], 'running');
    expect([clock?.wakeAt, person?.wakeAt, done?.wakeAt]).toEqual(['1970-01-01T00:00:09.000Z', null, null]);
    const many = Array.from({ length: 80 }, (_, n) => step({ ...waits, wakeAt: n < 40 ? new Date(9000) : null }));
    expect(segmentsOf(many, 'running').map(({ wakeAt, steps }) => [wakeAt === null, steps])).toEqual([
      [false, 40],
      [true, 40],
    ]);
  });

  test('shows nothing as to come once the run has ended', () => {
    const [failed, items] = segmentsOf([step({ status: 'failed', again: true }), step({ status: null })], 'failed');
    expect([failed?.status, items?.status]).toEqual(['failed', 'unknown']);
  });

  test('has room for a plan of any length: no step is lost, and the order stays', () => {
    const status = fc.constantFrom('done', 'failed', 'skipped', 'running') as fc.Arbitrary<BegunStep['status']>;
    fc.assert(
      fc.property(fc.array(fc.record({ status, gap: fc.nat(100_000) }), { maxLength: 400, size: 'max' }), (all) => {
        let at = 0;
        const steps = all.map(({ status: of, gap }, n) => {
          at += gap;
          return step({ step: `s${n}`, status: of, startedAt: new Date(at), endedAt: new Date(at + 10) });
        });
        const bar = segmentsOf(steps, 'running');
        expect(bar.length).toBeLessThanOrEqual(MOST_SEGMENTS);
        expect(bar.reduce((sum, { steps: n }) => sum + n, 0)).toBe(steps.length);
        const starts = bar.map(({ startedAt }) => Date.parse(startedAt));
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        if (steps.length <= MOST_SEGMENTS) expect(bar).toHaveLength(steps.length);
      }),
    );
  });
});
