import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifies } from '../../test/harness/requirements.js';
import { readTimes } from './cron.js';
import { beginsAt, type Calendar, COUNTED, decideDue, GRACE_MS } from './due.js';
import { admit, MOST_QUEUED } from './overlap.js';

const calendar = (more: Partial<Calendar> = {}): Calendar => ({
  id: 's',
  times: readTimes('0 * * * *', 'UTC'),
  jitterS: 0,
  catchUp: 'none',
  most: 3,
  ...more,
});
const at = (time: string) => new Date(`2026-05-01T${time}Z`);
const begun = (due: ReturnType<typeof decideDue>) =>
  due.begin.map(({ dueAt, cause }) => `${dueAt.toISOString().slice(11, 16)} ${cause}`);

test(verifies('RUN-13', 'a time that has come begins, and the next is known'), () => {
  const due = decideDue(calendar(), at('10:00:00'), at('10:00:00.300'));
  expect(begun(due)).toEqual(['10:00 time']);
  expect(due.missed).toBeNull();
  expect(due.next?.due).toEqual(at('11:00:00'));
});

test('before its time nothing begins', () => {
  expect(decideDue(calendar(), at('10:00:00'), at('09:59:59'))).toMatchObject({
    begin: [],
    next: { due: at('10:00:00') },
  });
});

test.each([
  ['none', [], 5],
  ['last', ['14:00 catch-up'], 4],
  ['all', ['12:00 catch-up', '13:00 catch-up', '14:00 catch-up'], 2],
] as const)(verifies('RUN-13', 'after downtime, catch-up %s begins %j'), (catchUp, expected, missed) => {
  const due = decideDue(calendar({ catchUp }), at('10:00:00'), at('14:30:00'));
  expect(begun(due)).toEqual(expected);
  expect(due.missed).toMatchObject({ times: missed, from: at('10:00:00') });
  expect(due.next?.due).toEqual(at('15:00:00'));
});

test('what is late by less than the grace is in time, also after downtime', () => {
  const due = decideDue(calendar(), at('10:00:00'), new Date(at('12:00:00').getTime() + GRACE_MS));
  expect(begun(due)).toEqual(['12:00 time']);
  expect(due.missed).toMatchObject({ times: 2 });
});

test('years of minutes are decided without walking through them', () => {
  const minutes = calendar({ times: readTimes('* * * * *', 'UTC'), catchUp: 'all', most: 5 });
  const due = decideDue(minutes, new Date('2020-01-01T00:00:00Z'), at('10:00:30'));
  expect(begun(due)).toEqual(
    ['09:55', '09:56', '09:57', '09:58', '09:59'].map((t) => `${t} catch-up`).concat('10:00 time'),
  );
  expect(due.missed?.times).toBeGreaterThanOrEqual(COUNTED);
});

test('however the looks fall, each time begins or is missed once, in order', () => {
  const looks = fc.array(fc.integer({ min: 1, max: 5 * 3_600_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      looks,
      fc.constantFrom('none', 'last', 'all'),
      fc.integer({ min: 0, max: 1800 }),
      (steps, catchUp, jitterS) => {
        const one = calendar({ catchUp, jitterS, most: 100 });
        let first = at('00:00:00');
        let now = new Date(first.getTime() - 1000);
        let seen = 0;
        let last = 0;
        for (const step of steps) {
          now = new Date(now.getTime() + step);
          const due = decideDue(one, first, now);
          for (const { dueAt } of due.begin) {
            expect(dueAt.getTime()).toBeGreaterThan(last);
            expect(beginsAt(one, dueAt).getTime()).toBeLessThanOrEqual(now.getTime());
            last = dueAt.getTime();
          }
          seen += due.begin.length + (due.missed?.times ?? 0);
          first = due.next?.due ?? first;
          expect(due.next?.at.getTime()).toBeGreaterThan(now.getTime());
        }
        expect(seen).toBe((first.getTime() - at('00:00:00').getTime()) / 3_600_000);
      },
    ),
  );
});

test('jitter is the same for everybody who computes it, and stays within its bound', () => {
  const one = calendar({ jitterS: 600 });
  const delays = Array.from({ length: 200 }, (_, i) => {
    const due = new Date(at('00:00:00').getTime() + i * 3_600_000);
    expect(beginsAt(one, due)).toEqual(beginsAt({ id: 's', jitterS: 600 }, due));
    return beginsAt(one, due).getTime() - due.getTime();
  });
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...delays)).toBeLessThanOrEqual(600_000);
  expect(new Set(delays).size).toBeGreaterThan(150);
});

test.each([
  ['skip', 0, 0, 'begin'],
  ['skip', 1, 0, 'skip'],
  ['queue', 1, 0, 'queue'],
  ['queue', 0, 1, 'queue'],
  ['queue', 1, MOST_QUEUED, 'skip'],
  ['cancel', 1, 0, 'replace'],
  ['cancel', 0, 1, 'replace'],
  ['allow', 3, 0, 'begin'],
] as const)(verifies('RUN-13', 'overlap %s with %d going and %d waiting: %s'), (overlap, going, queued, expected) => {
  expect(admit(overlap, { going, queued })).toBe(expected);
});
