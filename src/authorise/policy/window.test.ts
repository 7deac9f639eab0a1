import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { parseWindow, windowOpens } from './window.js';

const OFFICE = 'Mon-Fri 09:00-17:00 Europe/Berlin';
const opening = (window: string, now: string) => {
  const found = windowOpens(window, new Date(now));
  return found.open ? 'open' : (found.opensAt?.toISOString() ?? 'never');
};

describe(verifies('POLICY-05', 'change windows'), () => {
  test.each([
    ['in it', OFFICE, '2026-11-18T10:00:00+01:00', 'open'],
    ['from its first minute', OFFICE, '2026-11-18T09:00:00+01:00', 'open'],
    ['not in the minute of its end', OFFICE, '2026-11-18T17:00:00+01:00', '2026-11-19T08:00:00.000Z'],
    ['before it', OFFICE, '2026-11-18T08:59:59.999+01:00', '2026-11-18T08:00:00.000Z'],
    ['over a weekend', OFFICE, '2026-11-20T18:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['over a weekend at which the clocks change', OFFICE, '2026-03-27T18:00:00+01:00', '2026-03-30T07:00:00.000Z'],
    ['several ranges', 'Mon-Thu 09:00-17:00, Fri 09:00-12:00 UTC', '2026-11-20T13:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['days past the week’s end', 'Sat-Mon 10:00-11:00 UTC', '2026-11-16T10:30:00Z', 'open'],
    ['past midnight, in the evening', 'Fri 22:00-04:00 UTC', '2026-11-20T23:00:00Z', 'open'],
    ['past midnight, in the morning', 'Fri 22:00-04:00 UTC', '2026-11-21T03:59:00Z', 'open'],
    ['past midnight, a day early', 'Fri 22:00-04:00 UTC', '2026-11-20T03:00:00Z', '2026-11-20T22:00:00.000Z'],
    ['to the end of the day', 'Fri 22:00-24:00 UTC', '2026-11-20T23:59:59Z', 'open'],
    [
      'in an hour that the clocks skip',
      'Sun 02:00-03:00 Europe/Berlin',
      '2026-03-29T00:00:00Z',
      '2026-04-05T00:00:00.000Z',
    ],
    ['from within a skipped hour', 'Sun 02:30-04:00 Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00.000Z'],
    ['in an hour that comes twice, the first time', 'Sun 02:00-02:30 Europe/Berlin', '2026-10-25T00:15:00Z', 'open'],
    ['between the two', 'Sun 02:00-02:30 Europe/Berlin', '2026-10-25T00:45:00Z', '2026-10-25T01:00:00.000Z'],
    ['in an hour that comes twice, the second time', 'Sun 02:00-02:30 Europe/Berlin', '2026-10-25T01:15:00Z', 'open'],
    [
      'where the clocks are half an hour off',
      'Mon 09:00-10:00 Asia/Kolkata',
      '2026-11-23T03:29:00Z',
      '2026-11-23T03:30:00.000Z',
    ],
  ])('%s', (_, window, now, expected) => {
    expect(opening(window, now)).toBe(expected);
  });

  test.each([
    ['Mon-Fri 09:00-17:00', 'it ends with no time zone'],
    ['Mon-Fri 09:00-17:00 Europe/Berlim', 'there is no time zone "Europe/Berlim"'],
    ['Mon-Fry 09:00-17:00 UTC', '"Fry" is no day'],
    ['Mon-Fri 9-17 UTC', 'is no range'],
    ['Mon-Fri 09:00-25:00 UTC', '"25:00" is no time of day'],
    ['Mon 09:00-09:00 UTC', 'is empty'],
    ['', 'it ends with no time zone'],
  ])('"%s" is refused', (text, why) => {
    expect(() => parseWindow(text)).toThrow(why);
  });

  test('what it says holds minute by minute', () => {
    const day = fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun');
    const time = fc
      .tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '45'))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`);
    const range = fc
      .tuple(day, day, time, time)
      .filter(([, , start, end]) => start !== end)
      .map(([from, to, start, end]) => `${from}-${to} ${start}-${end}`);
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu');
    const when = fc.oneof(
      fc.date({ min: new Date('2026-03-28T00:00Z'), max: new Date('2026-04-06T00:00Z'), noInvalidDate: true }),
      fc.date({ min: new Date('2026-10-23T00:00Z'), max: new Date('2026-11-02T00:00Z'), noInvalidDate: true }),
    );
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 3 }), zone, when, (ranges, zone, now) => {
        const window = `${ranges.join(', ')} ${zone}`;
        const found = windowOpens(window, now);
        if (found.open) return;
        const until = found.opensAt?.getTime() ?? now.getTime() + 86_400_000;
        if (found.opensAt) expect(windowOpens(window, found.opensAt).open).toBe(true);
        for (let at = now.getTime(); at < Math.min(until, now.getTime() + 30 * 3_600_000); at += 15 * 60_000)
          expect(windowOpens(window, new Date(at)).open).toBe(false);
        if (found.opensAt) expect(windowOpens(window, new Date(until - 1)).open).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
