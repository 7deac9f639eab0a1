import { OpsroomError } from './errors.js';

const HOUR_MS = 3_600_000;
/** Offsets are looked at so far before and after a wall time: further than any change of the clocks reaches. */
const AROUND_MS = 26 * HOUR_MS;

/** Making one takes longer than all that is done with it. There are no more than zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that is not known */
function formatOf(zone: string): Intl.DateTimeFormat {
  const name = zone.toLowerCase();
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(name, made);
  return made;
}

/** The IANA name of a zone as this machine's tables have it; undefined when they have none. */
function knownZone(zone: string): string | undefined {
  try {
    return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone) ? formatOf(zone).resolvedOptions().timeZone : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this machine's tables know a zone of this IANA name. */
export const isZone = (zone: string): boolean => knownZone(zone) !== undefined;

/**
 * A zone by its IANA name, as this machine's tables know it.
 * @throws OpsroomError USAGE
 */
export function requireZone(zone: string): string {
  const known = knownZone(zone);
  if (known !== undefined) return known;
  throw new OpsroomError('USAGE', {
    what: `"${zone.slice(0, 64)}" is no time zone.`,
    where: 'zone',
    mend: 'Name one as IANA does: Europe/Berlin, America/New_York, UTC.',
  });
}

/** What clocks of the zone show at an instant, as if it were UTC; to the second. */
export function wallTime(instant: Date, zone: string): Date {
  const parts = new Map<string, number>(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: string): number => parts.get(name) ?? 0;
  return new Date(Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')));
}

/** How far the zone is ahead of UTC at an instant, ms. */
function offsetMs(instant: number, zone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  return wallTime(new Date(whole), zone).getTime() - whole;
}

/**
 * When the clocks jump over a wall time: the first instant after the jump. Undefined for a wall time that they show.
 * @param wall as `wallTime` gives it
 */
export function jumpOver(wall: Date, zone: string): Date | undefined {
  const at = wall.getTime();
  const before = offsetMs(at - AROUND_MS, zone);
  const after = offsetMs(at + AROUND_MS, zone);
  const shown = [before, after].some((offset) => offsetMs(at - offset, zone) === offset);
  if (shown || after <= before) return undefined;
  let low = at - AROUND_MS;
  let high = at + AROUND_MS;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetMs(middle, zone) === before) low = middle;
    else high = middle;
  }
  return new Date(Math.ceil(high / 1000) * 1000);
}

/** Whether the clocks, having gone back, show at this instant what they have shown before. */
export function isSecondPassing(instant: Date, zone: string): boolean {
  const at = instant.getTime();
  const now = offsetMs(at, zone);
  const gained = offsetMs(at - 3 * HOUR_MS, zone) - now;
  return gained > 0 && offsetMs(at - gained, zone) === now + gained;
}

/** `2026-10-25T02:30+02:00`: what clocks of the zone show, and how far it is ahead of UTC. */
export function zonedText(instant: Date, zone: string): string {
  const ahead = offsetMs(instant.getTime(), zone);
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = `${ahead < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${wallTime(instant, zone).toISOString().slice(0, 16)}${offset}`;
}
