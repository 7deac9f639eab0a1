import { createHash } from 'node:crypto';
import type { Times } from './cron.js';

export const CATCH_UP = ['none', 'last', 'all'] as const;
export type CatchUp = (typeof CATCH_UP)[number];

/** What decides which times of a schedule begin. */
export interface Calendar {
  readonly id: string;
  readonly times: Times;
  readonly jitterS: number;
  readonly catchUp: CatchUp;
  /** Of `all`: how many at most, the latest ones. */
  readonly most: number;
}

export interface DueTime {
  readonly dueAt: Date;
  readonly cause: 'time' | 'catch-up';
}

export interface Missed {
  /** The first and the last of them. */
  readonly from: Date;
  readonly to: Date;
  readonly times: number;
}

/** What has come since a schedule was looked at last, and what comes next; null: nothing any more. */
export interface Due {
  /** The oldest first. */
  readonly begin: readonly DueTime[];
  readonly missed: Missed | null;
  readonly next: Next | null;
}

export interface Next {
  readonly due: Date;
  /** `due`, later by the jitter. */
  readonly at: Date;
}

/** Begun so much later it is still in time: a process needs a moment to start, and looks once a second. */
export const GRACE_MS = 60_000;
/** More times that were missed are not counted one by one. */
export const COUNTED = 10_000;
const HOUR_MS = 3_600_000;

/**
 * When a time begins. The same for every process, because it is made of the schedule's id and the time alone.
 */
export function beginsAt({ id, jitterS }: Pick<Calendar, 'id' | 'jitterS'>, due: Date): Date {
  if (jitterS === 0) return due;
  const hash = createHash('sha256').update(`${id} ${due.toISOString()}`).digest().readUInt32BE(0);
  return new Date(due.getTime() + Math.floor((hash / 2 ** 32) * (jitterS * 1000 + 1)));
}

/** The first time after an instant. */
export function nextAfter(calendar: Calendar, instant: Date): Next | null {
  const due = calendar.times.after(instant);
  return due ? { due, at: beginsAt(calendar, due) } : null;
}

/**
 * What to do about the times from `first` on that have come by `now`. A time that is late by no more than the grace begins as
 * usual; of older ones those that the schedule catches up with, the others are missed.
 *
 * @param first the next time as it was known, jitter left out
 */
export function decideDue(calendar: Calendar, first: Date, now: Date): Due {
  const late = new Date(now.getTime() - GRACE_MS);
  const { older, more } = olderTimes(calendar, first, late);
  const caught = catchUp(calendar, older);
  const missed = older.slice(0, older.length - caught.length);
  const begin: DueTime[] = caught.map((dueAt) => ({ dueAt, cause: 'catch-up' }));
  const lastOld = older.at(-1);
  let due = lastOld ? calendar.times.after(lastOld) : first;
  for (; due && beginsAt(calendar, due) <= now; due = calendar.times.after(due))
    begin.push({ dueAt: due, cause: 'time' });
  return {
    begin,
    missed: missedOf(missed, first, more),
    next: due ? { due, at: beginsAt(calendar, due) } : null,
  };
}

function catchUp({ catchUp: how, most }: Calendar, older: readonly Date[]): readonly Date[] {
  if (how === 'none') return [];
  return older.slice(-(how === 'last' ? 1 : most));
}

function missedOf(missed: readonly Date[], first: Date, more: number): Missed | null {
  const to = missed.at(-1);
  return to ? { from: first, to, times: missed.length + more } : null;
}

/**
 * The times that begin before `late`, the oldest first. Of very many only the latest, found by looking back over longer and
 * longer spans; `more` says that there are others.
 */
function olderTimes(calendar: Calendar, first: Date, late: Date): { older: Date[]; more: number } {
  const older = within(calendar, first, late, COUNTED);
  if (older.length < COUNTED) return { older, more: 0 };
  for (let span = HOUR_MS; ; span *= 2) {
    const found = within(calendar, calendar.times.after(new Date(late.getTime() - span)), late, Infinity);
    if (found.length > calendar.most) return { older: found, more: COUNTED };
  }
}

/** The times from `first` on that begin before `late`. */
function within(calendar: Calendar, first: Date | undefined, late: Date, most: number): Date[] {
  const found: Date[] = [];
  for (let due = first; due && beginsAt(calendar, due) < late && found.length < most; due = calendar.times.after(due)) {
    found.push(due);
  }
  return found;
}
