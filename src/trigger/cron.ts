import { Cron } from 'croner';
import { OpsroomError } from '#kit/errors.js';
import { isSecondPassing, jumpOver, requireZone, wallTime } from '#kit/zone.js';

/** The times of a schedule. */
export interface Times {
  /** The first time after an instant; undefined when none comes any more. */
  after(instant: Date): Date | undefined;
}

const FIELD = /^[\dA-Za-z*,/#-]+$/;
const NICKNAMES: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

/**
 * The times that a cron expression means in a zone: five fields (minute, hour, day of the month, month, day of the week) or a
 * name such as `@daily`. Where the clocks go back, what names an hour comes once, at its first passing, and what comes in every
 * hour or every few minutes goes on. Where they go forward, what would have come in the hour that is left out comes once, as
 * soon as it is over.
 *
 * @throws OpsroomError USAGE for what is no such expression or no zone, and for a date that never comes
 */
export function readTimes(cron: string, zone: string): Times {
  const pattern = cron.trim().replaceAll(/\s+/g, ' ');
  const known = requireZone(zone);
  const fields = pattern.split(' ');
  if (!NICKNAMES.has(pattern) && (fields.length !== 5 || !fields.every((field) => FIELD.test(field)))) {
    refuse(cron, 'it does not have the five fields minute, hour, day of the month, month and day of the week');
  }
  const times = timesOf(pattern, known, cron);
  if (!times.after(new Date(0))) {
    refuse(cron, 'no date fits it', 'Choose a date that comes, such as `0 0 28 2 *` for the end of February.');
  }
  return times;
}

function refuse(
  cron: string,
  why: string,
  mend = 'Write it like `30 2 * * 1-5`: at 2:30 from Monday to Friday.',
): never {
  throw new OpsroomError('USAGE', { what: `"${cron.slice(0, 100)}" is no time: ${why}.`, where: 'cron', mend });
}

function timesOf(pattern: string, zone: string, cron: string): Times {
  const inZone = parse(pattern, zone, cron);
  const onWall = parse(pattern, 'UTC', cron);
  const everyHour = pattern === '@hourly' || (pattern.split(' ')[1] ?? '').includes('*');
  return {
    after: (instant) => {
      const next = everyHour ? (inZone.nextRun(instant) ?? undefined) : firstPassing(inZone, zone, instant);
      const late = everyHour ? undefined : afterJump(onWall, zone, instant);
      return late && (!next || late < next) ? late : next;
    },
  };
}

function firstPassing(inZone: Cron, zone: string, instant: Date): Date | undefined {
  let next = inZone.nextRun(instant);
  while (next && isSecondPassing(next, zone)) next = inZone.nextRun(next);
  return next ?? undefined;
}

/**
 * Of a pattern whose next time on the wall is one that the clocks leave out: when they have jumped. The library moves a single
 * such time on its own, and forgets a list of them.
 */
function afterJump(onWall: Cron, zone: string, instant: Date): Date | undefined {
  let wall = onWall.nextRun(wallTime(instant, zone));
  for (; wall; wall = onWall.nextRun(wall)) {
    const end = jumpOver(wall, zone);
    if (!end || end > instant) return end;
  }
  return undefined;
}

function parse(pattern: string, zone: string, cron: string): Cron {
  try {
    return new Cron(pattern, { timezone: zone, paused: true, mode: '5-part' });
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^\w+: /, '').replace(/\.$/, '') : 'it cannot be read';
    return refuse(cron, words.charAt(0).toLowerCase() + words.slice(1));
  }
}

/** The next times, the first of them after `from`. */
export function upcoming(times: Times, from: Date, count: number): Date[] {
  const found: Date[] = [];
  for (let at = times.after(from); at && found.length < count; at = times.after(at)) found.push(at);
  return found;
}
