import { expect, test } from 'vitest';
import { LedgerClock } from './ledger-clock.js';

const HOUR_MS = 3_600_000;

/** A machine whose wall clock can be set, and whose monotonic one only ever grows. */
function machine(wallMs: number) {
  let monoMs = 5_000;
  return {
    setWall: (ms: number) => {
      wallMs = ms;
    },
    pass: (ms: number) => {
      monoMs += ms;
      wallMs += ms;
    },
    now: () => new Date(wallMs),
    monotonicMs: () => monoMs,
  };
}

test('shows the time of the database, however wrong the wall clock is, and carries it on', () => {
  const own = machine(HOUR_MS);
  const clock = new LedgerClock(own);
  expect(clock.now().getTime()).toBe(HOUR_MS);
  clock.read(1000, 0);
  expect(clock.now().getTime()).toBe(1000);
  own.setWall(-HOUR_MS);
  own.pass(250);
  expect(clock.now().getTime()).toBe(1250);
});

test('a reading counts from when it was taken; one within the jitter of the network moves nothing', () => {
  const own = machine(0);
  const clock = new LedgerClock(own);
  clock.read(1000, 200);
  expect(clock.now().getTime()).toBe(1200);
  clock.read(1160, 0);
  expect(clock.now().getTime()).toBe(1200);
});

test('follows the database when its clock is set', () => {
  const own = machine(0);
  const clock = new LedgerClock(own);
  clock.read(1000, 0);
  clock.read(HOUR_MS, 0);
  expect(clock.now().getTime()).toBe(HOUR_MS);
  clock.read(500, 0);
  expect(clock.now().getTime()).toBe(500);
});
