import { Cron } from 'croner';

/** When what was approved may begin. */
export interface Window {
  /** 0: Sunday. */
  readonly days: ReadonlySet<number>;
  /** Minutes since midnight; `to` is outside. Not after `from`: it ends on the next day. */
  readonly from: number;
  readonly to: number;
  /** IANA name of the time zone. */
  readonly zone: string;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FORM = /^(\S+)\s+(\d{2}):(\d{2})-(\d{2}):(\d{2})\s+(\S+)$/;
/** What people are told of a window that is not understood. */
export const WINDOW_FORM = 'Mon-Fri 09:00-17:00 Europe/Berlin';

/** A window as policies write it: `Mon-Fri 09:00-17:00 Europe/Berlin`, `Sat,Sun 22:00-04:00 UTC`, `daily 00:00-24:00 UTC`. Undefined: it is none. */
export function parseWindow(text: string): Window | undefined {
  const [, days = '', ...rest] = FORM.exec(text.trim()) ?? [];
  const [fromHour = 99, fromMinute = 99, toHour = 99, toMinute = 99] = rest.slice(0, 4).map(Number);
  const zone = rest[4] ?? '';
  const set = parseDays(days.toLowerCase());
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  if (!set || fromMinute > 59 || toMinute > 59 || from >= 1440 || to > 1440 || !isZone(zone)) return undefined;
  return { days: set, from, to, zone };
}

function parseDays(text: string): Set<number> | undefined {
  if (text === 'daily') return new Set(DAYS.keys());
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (from < 0 || to < 0 || more.length > 0) return undefined;
    // Over the end of the week, too: Fri-Mon.
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return days;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Whether the window is open at that time, by the clocks of its zone. */
export function isOpenAt(window: Window, at: Date): boolean {
  const { days, from, to } = window;
  const { day, minute } = localTime(window.zone, at);
  if (to > from) return days.has(day) && minute >= from && minute < to;
  return (days.has(day) && minute >= from) || (days.has((day + 6) % 7) && minute < to);
}

function localTime(zone: string, at: Date): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase());
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** The first time from `at` on at which all of the windows are open; undefined when there is none within a fortnight. */
export function firstOpening(windows: readonly Window[], at: Date): Date | undefined {
  const until = at.getTime() + 14 * 86_400_000;
  const jobs = windows.map(({ days, from, zone }) => {
    const pattern = `${from % 60} ${Math.floor(from / 60)} * * ${[...days].join(',')}`;
    return new Cron(pattern, { timezone: zone, paused: true });
  });
  let time = at;
  while (time.getTime() <= until) {
    const closed = windows.findIndex((window) => !isOpenAt(window, time));
    if (closed < 0) return time;
    const next = jobs[closed]?.nextRun(time);
    if (!next) return undefined;
    time = next;
  }
  return undefined;
}
