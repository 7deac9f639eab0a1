import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietUntil } from './quiet.js';

const berlin = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' };

test.each([
  ['in the evening', '2026-01-10T21:30:00Z', '2026-01-11T06:00:00.000Z'],
  ['in the early morning', '2026-01-11T05:59:59Z', '2026-01-11T06:00:00.000Z'],
  ['when they end', '2026-01-11T06:00:00Z', undefined],
  ['by day', '2026-01-11T12:00:00Z', undefined],
  ['when they begin', '2026-01-11T21:00:00Z', '2026-01-12T06:00:00.000Z'],
  ['in the night in which the clocks go forward', '2026-03-28T23:00:00Z', '2026-03-29T05:00:00.000Z'],
  ['in the night in which they go back', '2026-10-24T22:00:00Z', '2026-10-25T06:00:00.000Z'],
])('over midnight: %s', (_, now, until) => {
  expect(quietUntil(berlin, new Date(now))?.toISOString()).toBe(until);
});

test('within a day', () => {
  const lunch = { from: '12:00', to: '13:00', zone: 'Asia/Kolkata' };
  expect(quietUntil(lunch, new Date('2026-05-01T07:00:00Z'))?.toISOString()).toBe('2026-05-01T07:30:00.000Z');
  expect(quietUntil(lunch, new Date('2026-05-01T08:00:00Z'))).toBeUndefined();
});

test('they end after now and within a day and an hour, and are over then', () => {
  const clock = fc.record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) });
  const text = ({ h, m }: { h: number; m: number }) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`;
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(clock, clock, zone, at, (from, to, zone, now) => {
      fc.pre(text(from) !== text(to));
      const quiet = { from: text(from), to: text(to), zone };
      const until = quietUntil(quiet, now);
      if (!until) return;
      expect(until.getTime()).toBeGreaterThan(now.getTime());
      expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
    }),
  );
});
