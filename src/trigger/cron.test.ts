import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { jumpOver, wallTime } from '#kit/zone.js';
import { verifies } from '../../test/harness/requirements.js';
import { readTimes, upcoming } from './cron.js';

const times = (cron: string, zone: string, from: string, count = 4) =>
  upcoming(readTimes(cron, zone), new Date(from), count).map((time) => time.toISOString().slice(0, 16));

/** Clocks go forward at 02:00 on 29 March 2026 in Berlin and on 8 March in New York, back on 25 October and 1 November. */
test.each([
  ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
  ['15,45 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:15']],
  ['30 2 29 3 *', 'Europe/Berlin', '2026-01-01T00:00:00Z', ['2026-03-29T01:00', '2027-03-29T00:30']],
  ['30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
  ['15,45 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:15']],
  [
    '*/30 * * * *',
    'Europe/Berlin',
    '2026-03-29T00:00:00Z',
    ['2026-03-29T00:30', '2026-03-29T01:00', '2026-03-29T01:30'],
  ],
  ['10 * * * *', 'America/New_York', '2026-03-08T06:00:00Z', ['2026-03-08T06:10', '2026-03-08T07:10']],
])(verifies('RUN-13', 'clocks that go forward: %s in %s after %s'), (cron, zone, from, expected) => {
  expect(times(cron, zone, from, expected.length)).toEqual(expected);
});

test.each([
  ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
  [
    '15,45 2 * * *',
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:15', '2026-10-25T00:45', '2026-10-26T01:15'],
  ],
  ['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
  ['0 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', ['2026-10-25T01:00', '2026-10-25T02:00', '2026-10-25T03:00']],
  [
    '*/30 * * * *',
    'America/New_York',
    '2026-11-01T05:00:00Z',
    ['2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30'],
  ],
])(verifies('RUN-13', 'clocks that go back: %s in %s after %s'), (cron, zone, from, expected) => {
  expect(times(cron, zone, from, expected.length)).toEqual(expected);
});

test.each([
  ['0 0 30 2 *', 'no date fits'],
  ['0 0 31 2,4,6,9,11 *', 'no date fits'],
  ['* * * *', 'five fields'],
  ['* * * * * *', 'five fields'],
  ['99 * * * *', 'invalid value'],
  ['@reboot', 'five fields'],
  ['2030-01-01T00:00:00', 'five fields'],
  ['? * * * *', 'five fields'],
  ['', 'five fields'],
])(verifies('RUN-13', '%j is refused: %s'), (cron, why) => {
  expect(() => readTimes(cron, 'UTC')).toThrow(why);
});

test.each(['Europe/Berln', '', '+02:00', 'Europe/Berlin; drop', 'a'.repeat(70)])('%j is no zone', (zone) => {
  expect(() => readTimes('0 0 * * *', zone)).toThrow('is no time zone');
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns', 'UTC'];
const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: low, max: high }).map(String),
    fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })).map(([a, b]) => `${a},${b}`),
    fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
  );
const pattern = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.constantFrom('*', '1', '29', '8,25'),
    fc.constantFrom('*', '3', '10,11'),
    fc.constant('*'),
  )
  .map((fields) => fields.join(' '));
const year2026 = { min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true };

test('every time is later than the one before, fits the fields on the wall or ends a jump, and does not depend on where one starts', () => {
  fc.assert(
    fc.property(pattern, fc.constantFrom(...ZONES), fc.date(year2026), (cron, zone, from) => {
      const read = readTimes(cron, zone);
      const found = upcoming(read, from, 5);
      for (const [i, time] of found.entries()) {
        const before = found[i - 1] ?? from;
        expect(time.getTime()).toBeGreaterThan(before.getTime());
        expect(fits(cron, wallTime(time, zone)) || endsJump(time, zone)).toBe(true);
        expect(read.after(new Date(time.getTime() - 1000))).toEqual(time);
      }
    }),
    { numRuns: 200 },
  );
});

function fits(cron: string, wall: Date): boolean {
  const [minute = '', hour = '', day = '', month = ''] = cron.split(' ');
  const one = (text: string, value: number) =>
    text.startsWith('*/')
      ? value % Number(text.slice(2)) === 0
      : text === '*' || text.split(',').map(Number).includes(value);
  return (
    one(minute, wall.getUTCMinutes()) &&
    one(hour, wall.getUTCHours()) &&
    one(day, wall.getUTCDate()) &&
    one(month, wall.getUTCMonth() + 1)
  );
}

/** The wall time a second before this one was never shown. */
function endsJump(time: Date, zone: string): boolean {
  const wall = wallTime(time, zone).getTime();
  return jumpOver(new Date(wall - 1000), zone)?.getTime() === time.getTime();
}

test('what is refused says the mend', () => {
  try {
    readTimes('0 0 30 2 *', 'UTC');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(OpsroomError);
    expect((error as OpsroomError).mend).toContain('Choose a date that comes');
  }
});
