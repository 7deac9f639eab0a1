import { OpsroomError } from '#kit/errors.js';
import { isZone, wallTime } from '#kit/zone.js';

/** When something may begin, by the clock on the wall of a time zone. */
export interface Window {
  /** IANA: `Europe/Berlin`. */
  readonly zone: string;
  readonly ranges: readonly Range[];
}

interface Range {
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>;
  /** Minutes since midnight; `end` before `start`: it ends on the next day. */
  readonly start: number;
  readonly end: number;
}

export type Opening =
  | { readonly open: true }
  /** null: not within two weeks, since every opening falls into an hour that the clocks skip. */
  | { readonly open: false; readonly opensAt: Date | null };

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const LOOK_AHEAD_DAYS = 15;
const FORM = 'write it like `Mon-Fri 09:00-17:00 Europe/Berlin`, several ranges with commas between them';

/**
 * `Mon-Thu 09:00-17:00, Fri 09:00-12:00 Europe/Berlin`. A range that ends before it begins goes past midnight and belongs to the
 * day on which it begins.
 * @throws OpsroomError USAGE that says what is wrong with it
 */
export function parseWindow(text: string): Window {
  const [, ranges = '', zone = ''] = /^(.*\d)\s+([A-Za-z][\w+/-]*)$/.exec(text.trim()) ?? [];
  if (zone === '') refuse(text, 'it ends with no time zone');
  if (!isZone(zone)) refuse(text, `there is no time zone "${zone}"`);
  return { zone, ranges: ranges.split(',').map((range) => parseRange(range.trim(), text)) };
}

function parseRange(range: string, text: string): Range {
  const [, from, to, start, end] = /^([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))?\s+(\d\d:\d\d)-(\d\d:\d\d)$/.exec(range) ?? [];
  if (from === undefined || start === undefined || end === undefined) refuse(text, `"${range}" is no range of it`);
  const parsed = { days: daysOf(from, to ?? from, text), start: minutesOf(start, text), end: minutesOf(end, text) };
  if (parsed.start === parsed.end || parsed.start === 1440) refuse(text, `"${range}" is empty`);
  return parsed;
}

function daysOf(from: string, to: string, text: string): Set<number> {
  const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)];
  if (first === -1 || last === -1)
    refuse(text, `"${first === -1 ? from : to}" is no day; Mon, Tue, Wed, Thu, Fri, Sat, Sun are`);
  const length = ((last - first + 7) % 7) + 1;
  return new Set(Array.from({ length }, (_, place) => (first + place) % 7));
}

function minutesOf(text: string, whole: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  if (minutes > 59 || hours * 60 + minutes > 1440) refuse(whole, `"${text}" is no time of day`);
  return hours * 60 + minutes;
}

function refuse(text: string, why: string): never {
  throw new OpsroomError('USAGE', { what: `The window "${text}" is wrong: ${why}.`, mend: `Correct it: ${FORM}.` });
}

/**
 * Whether a window is open at `now`, or when it opens next. Open is what the clock on the wall there says: an hour that the clocks
 * skip is never open, one that they repeat is open twice.
 * @param window as it stands in the policy
 * @throws OpsroomError USAGE where it is no window
 */
export function windowOpens(window: string, now: Date): Opening {
  const parsed = parseWindow(window);
  const wall: WallClock = (instant) => wallTime(new Date(instant), parsed.zone).getTime();
  if (isOpen(parsed, wall(now.getTime()))) return { open: true };
  const next = candidates(parsed, wall, now.getTime())
    .filter((instant) => instant > now.getTime() && isOpen(parsed, wall(instant)))
    .toSorted((a, b) => a - b)[0];
  return { open: false, opensAt: next === undefined ? null : new Date(next) };
}

/** Reading of the wall clock at an instant, as ms that a UTC date with the same digits would have; to the second. */
type WallClock = (instant: number) => number;

function isOpen({ ranges }: Window, wall: number): boolean {
  const minute = Math.floor(wall / MINUTE) % 1440;
  const day = new Date(wall).getUTCDay();
  return ranges.some(({ days, start, end }) => {
    if (start < end) return days.has(day) && start <= minute && minute < end;
    return (days.has(day) && start <= minute) || (days.has((day + 6) % 7) && minute < end);
  });
}

/** Every instant at which a range may begin: its start by each offset of that day, and the moments at which the clocks change. */
function candidates({ ranges }: Window, wall: WallClock, now: number): number[] {
  const today = Math.floor(wall(now) / DAY) * DAY;
  return Array.from({ length: LOOK_AHEAD_DAYS }, (_, place) => today + (place - 1) * DAY).flatMap((midnight) => {
    const offsets = [...new Set([-DAY, 2 * DAY].map((shift) => wall(midnight + shift) - (midnight + shift)))];
    const starts = ranges.flatMap(({ start }) => offsets.map((offset) => midnight + start * MINUTE - offset));
    return offsets.length === 1 ? starts : [...starts, changeBetween(wall, midnight - DAY, midnight + 2 * DAY)];
  });
}

/** The first instant, to the minute, with the later offset. */
function changeBetween(wall: WallClock, from: number, to: number): number {
  const before = wall(from) - from;
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (wall(middle) - middle === before) low = middle;
    else high = middle;
  }
  return high;
}
