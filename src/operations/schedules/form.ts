import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { readTimes, type Times, upcoming } from '#trigger/cron.js';
import { CATCH_UP, type CatchUp } from '#trigger/due.js';
import { OVERLAP, type Overlap } from '#trigger/overlap.js';
import { jsonObject } from '../plans/input.js';

/** How schedules and webhooks are named; runs and the audit log call what they start `cron:NAME` and `webhook:NAME`. */
export const triggerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use letters, digits, ".", "_" and "-", at most 63');
export const scheduleReference = z.string().min(1).max(100).describe('The schedule, by its name or its id.');

/** When a schedule fires, and what it does about what comes in between. */
export const whenInput = {
  cron: z.string().min(1).max(200).describe('Minute, hour, day of the month, month, day of the week; or @daily.'),
  zone: z.string().min(1).max(64).describe('An IANA time zone: Europe/Berlin, America/New_York, UTC.'),
  inputs: jsonObject.default({}),
  overlap: z
    .enum(OVERLAP)
    .default('skip')
    .describe('When the run before still goes on: skip this time, queue it, cancel the older run, or allow both.'),
  catchUp: z
    .enum(CATCH_UP)
    .default('none')
    .describe('After a time without any process of the room: begin none of what was missed, the last, or all.'),
  catchUpMost: z.int().min(1).max(100).default(10).describe('Of catch-up `all`: how many at most, the latest.'),
  jitterS: z.int().min(0).max(3600).default(0).describe('Begin later by a part of so many seconds.'),
};

interface When {
  readonly cron: string;
  readonly zone: string;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly jitterS: number;
}

/**
 * The times of a schedule, once all of it fits together.
 * @throws OpsroomError USAGE
 */
export function requireTimes({ cron, zone, overlap, catchUp, jitterS }: When, now: Date): Times {
  const times = readTimes(cron, zone);
  if (catchUp === 'all' && (overlap === 'skip' || overlap === 'cancel')) {
    const what = `Catching up with all that was missed goes run by run, and overlap "${overlap}" keeps one of them.`;
    throw new OpsroomError('USAGE', {
      what,
      where: 'catchUp',
      mend: 'Choose overlap `queue` or `allow`, or catch up with `last`.',
    });
  }
  const shortest = shortestGapS(upcoming(times, now, 50));
  if (jitterS >= shortest) {
    const what = `With ${jitterS} s of jitter a time could begin after the next one, which comes ${shortest} s later.`;
    throw new OpsroomError('USAGE', { what, where: 'jitterS', mend: 'Choose less than the time between two of them.' });
  }
  return times;
}

function shortestGapS(times: readonly Date[]): number {
  const gaps = times.slice(1).map((time, i) => (time.getTime() - (times[i]?.getTime() ?? 0)) / 1000);
  return Math.min(Infinity, ...gaps);
}
