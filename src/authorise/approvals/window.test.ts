import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { firstOpening, isOpenAt, parseWindow, type Window } from './window.js';

const read = (text: string): Window => {
  const window = parseWindow(text);
  if (!window) throw new Error(`no window: ${text}`);
  return window;
};
const office = read('Mon-Fri 09:00-17:00 Europe/Berlin');

describe('change windows', () => {
  it(verifies('POLICY-05', 'are read as policies write them, and nothing else is'), () => {
    expect([...read('Fri-Mon 22:00-04:00 UTC').days].sort()).toEqual([0, 1, 5, 6]);
    expect(read('daily 00:00-24:00 UTC')).toMatchObject({ from: 0, to: 1440 });
    for (const text of [
      '',
      'always',
      'Mon 9-17 UTC',
      'Mon 09:00-17:00',
      'Mon 09:00-17:00 Europe/Nowhere',
      'Mon 24:00-25:00 UTC',
      'Moon 09:00-17:00 UTC',
      'Mon-Tue-Wed 09:00-17:00 UTC',
      'Mon 09:60-17:00 UTC',
    ])
      expect(parseWindow(text), text).toBeUndefined();
  });

  it('follow the clocks of their zone through the changes of the year', () => {
    // 2026-03-29 is the Sunday on which Berlin leaves UTC+1 for UTC+2.
    expect(isOpenAt(office, new Date('2026-03-27T08:00:00Z'))).toBe(true);
    expect(isOpenAt(office, new Date('2026-03-27T07:59:59Z'))).toBe(false);
    expect(isOpenAt(office, new Date('2026-03-30T07:00:00Z'))).toBe(true);
    expect(isOpenAt(office, new Date('2026-03-30T15:00:00Z'))).toBe(false);
    expect(firstOpening([office], new Date('2026-03-27T17:00:00Z'))).toEqual(new Date('2026-03-30T07:00:00Z'));
  });

  it('may reach over midnight', () => {
    const night = read('Sat 22:00-04:00 UTC');
    expect(isOpenAt(night, new Date('2026-11-21T23:00:00Z'))).toBe(true);
    expect(isOpenAt(night, new Date('2026-11-22T03:59:00Z'))).toBe(true);
    expect(isOpenAt(night, new Date('2026-11-22T04:00:00Z'))).toBe(false);
    expect(isOpenAt(night, new Date('2026-11-22T22:30:00Z'))).toBe(false);
  });

  it('begin together where several must be open, or never', () => {
    const morning = read('daily 06:00-10:00 UTC');
    expect(firstOpening([office, morning], new Date('2026-11-21T12:00:00Z'))).toEqual(new Date('2026-11-23T08:00:00Z'));
    expect(firstOpening([office, read('Sun 10:00-11:00 UTC')], new Date('2026-11-21T12:00:00Z'))).toBeUndefined();
    expect(firstOpening([], new Date(5))).toEqual(new Date(5));
  });

  it('are open when they open, whatever the window and the time', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    const hour = fc.integer({ min: 0, max: 23 }).map((n) => String(n).padStart(2, '0'));
    const days = fc.constantFrom('daily', 'Mon-Fri', 'Sat', 'Sun,Wed', 'Fri-Mon');
    const window = fc.tuple(days, hour, hour, zones).map(([d, a, b, z]) => read(`${d} ${a}:05-${b}:35 ${z}`));
    const at = fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(window, at, (one, time) => {
        const opens = firstOpening([one], time);
        expect(opens).toBeDefined();
        if (!opens) return;
        expect(isOpenAt(one, opens)).toBe(true);
        expect(opens.getTime()).toBeGreaterThanOrEqual(time.getTime());
        if (opens > time) expect(isOpenAt(one, new Date(opens.getTime() - 1000))).toBe(false);
      }),
    );
  });
});
