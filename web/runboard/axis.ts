/** A stretch of time that lanes share. Times are ms since 1970. */
export interface Axis {
  readonly from: number;
  readonly now: number;
  readonly to: number;
}

export const WINDOWS = ['15m', '1h', '6h', '24h'] as const;
export type Window = (typeof WINDOWS)[number];
export const MINUTES: Readonly<Record<Window, number>> = { '15m': 15, '1h': 60, '6h': 360, '24h': 1440 };
const MINUTE_MS = 60_000;
/** Of the past that is shown, so much of the future is. */
const AHEAD = 0.22;

/** The window that an address names; an hour when it names none. */
export const windowOf = (text: string | undefined): Window => WINDOWS.find((one) => one === text) ?? '1h';

export function axisOf(window: Window, now: number): Axis {
  const past = MINUTES[window] * MINUTE_MS;
  return { from: now - past, now, to: now + past * AHEAD };
}

/** How often the axis must move for nobody to see that it jumps, in ms: by less than a pixel of a wide screen. */
export const stepOf = (window: Window): number => Math.max(1000, Math.round(MINUTES[window] / 15) * 1000);

/** Where a moment lies, in % of the axis, cut at its ends. */
export function placeOf(axis: Axis, at: number): number {
  const place = ((at - axis.from) / (axis.to - axis.from)) * 100;
  return Math.round(Math.min(100, Math.max(0, place)) * 1000) / 1000;
}

/** What a character of a note takes of the narrowest axis, and what lies between a note and its bar, in %. */
const CHARACTER = 1.5;
const APART = 3;

/**
 * On which side of its bar a note is read: behind it, unless it is cut there and has more room before it.
 *
 * @param from where the bar begins, and `end`: where it ends, in % of the axis
 * @param length of the note, in characters
 */
export function noteSide(from: number, end: number, length: number): 'before' | 'behind' {
  const room = 100 - end;
  return length * CHARACTER + APART <= room || room >= from ? 'behind' : 'before';
}

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360];
const MOST_TICKS = 10;
/** A tick this near to the label of now, in %, would run into it. */
const TOO_NEAR = 9;

/**
 * The ticks of an axis at round times of the reader's day; none under the label of now.
 *
 * @param offsetMin what the reader's clock is ahead of UTC, in minutes
 */
export function ticksOf(axis: Axis, offsetMin: number): number[] {
  const span = axis.to - axis.from;
  const step = (STEPS_MIN.find((min) => span / (min * MINUTE_MS) <= MOST_TICKS) ?? 360) * MINUTE_MS;
  const offset = offsetMin * MINUTE_MS;
  const first = Math.ceil((axis.from + offset) / step) * step - offset;
  const ticks: number[] = [];
  for (let at = first; at <= axis.to; at += step) ticks.push(at);
  const now = placeOf(axis, axis.now);
  return ticks.filter((at) => {
    const place = placeOf(axis, at);
    return place > 2 && place < 98 && Math.abs(place - now) > TOO_NEAR;
  });
}
