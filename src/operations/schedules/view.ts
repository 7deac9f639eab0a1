import { z } from 'zod';
import { zonedText } from '#kit/zone.js';
import { CATCH_UP } from '#trigger/due.js';
import { FIRE_CAUSES, FIRE_STATES, type FireRow } from '#trigger/fire-store.js';
import { OVERLAP } from '#trigger/overlap.js';
import type { ScheduleRow } from '#trigger/schedule-store.js';
import { jobView, shownJob } from '../triggers/job.js';

/** A time, in UTC and as clocks of the schedule's zone show it. */
export const shownTime = z.object({ at: z.string(), local: z.string() });

export const fireView = z.object({
  dueAt: z.string(),
  /** As clocks of the schedule's zone show it. */
  local: z.string(),
  cause: z.enum(FIRE_CAUSES),
  state: z.enum(FIRE_STATES),
  /** Of `missed`: how many times this stands for. */
  times: z.int(),
  /** Why it was refused: a code of the catalogue of errors. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
  runId: z.string().nullable(),
  intentId: z.string().nullable(),
  /** Of `now`: who wanted it. */
  askedBy: z.string().nullable(),
});

export const scheduleView = z.object({
  scheduleId: z.string(),
  name: z.string(),
  cron: z.string(),
  zone: z.string(),
  ...jobView,
  inputs: z.record(z.string(), z.json()),
  overlap: z.enum(OVERLAP),
  catchUp: z.enum(CATCH_UP),
  /** Of catch-up `all`: how many times at most. */
  catchUpMost: z.int(),
  jitterS: z.int(),
  /** Who answers for its runs: whoever made it or changed it last. */
  madeBy: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  paused: z.boolean(),
  pausedBy: z.string().nullable(),
  /** Null while it is paused. */
  next: shownTime.nullable(),
  /** The latest of its times. */
  last: fireView.nullable(),
});
export type ScheduleView = z.infer<typeof scheduleView>;

export const timeOf = (at: Date, zone: string): z.infer<typeof shownTime> => ({
  at: at.toISOString(),
  local: zonedText(at, zone),
});

export function shownFire(fire: FireRow, zone: string): z.infer<typeof fireView> {
  const { dueAt, cause, state, times, code, reason, runId, intentId, askedBy } = fire;
  return {
    dueAt: dueAt.toISOString(),
    local: zonedText(dueAt, zone),
    cause,
    state,
    times,
    code,
    reason,
    runId,
    intentId,
    askedBy,
  };
}

export function shownSchedule(row: ScheduleRow, last: FireRow | undefined): ScheduleView {
  const { zone } = row;
  return {
    scheduleId: row.id,
    name: row.name,
    cron: row.cron,
    zone,
    ...shownJob(row),
    inputs: row.inputs,
    overlap: row.overlap,
    catchUp: row.catchUp,
    catchUpMost: row.catchUpMost,
    jitterS: row.jitterS,
    madeBy: row.madeBy,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    paused: row.pausedAt !== null,
    pausedBy: row.pausedBy,
    next: row.pausedAt === null ? timeOf(row.nextAt, zone) : null,
    last: last ? shownFire(last, zone) : null,
  };
}
