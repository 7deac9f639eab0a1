import type { Database } from '#db/database.js';
import type { Clock } from '#kit/clock.js';
import type { Logger } from '#observe/log.js';
import { readTimes, type Times } from './cron.js';
import { type Calendar, type Due, decideDue, GRACE_MS } from './due.js';
import {
  type ClaimedFire,
  claimQueued,
  goingOf,
  insertFire,
  insertMissed,
  type Older,
  type Place,
  pruneFires,
  queuedSchedules,
  settleFire,
  skipQueued,
  takeOver,
  toCancel,
} from './fire-store.js';
import { admit } from './overlap.js';
import { beginsOn, type Outcome, type Sql, type Start } from './request.js';
import {
  dueSchedules,
  findSchedule,
  moveOn,
  pauseSchedule,
  type ScheduleRow,
  somethingWaits,
} from './schedule-store.js';

/** What fires schedules needs of others. */
export interface SchedulerParts {
  readonly database: Database;
  readonly clock: Clock;
  /** This machine's name. */
  readonly host: string;
  readonly log: Pick<Logger, 'warn'>;
  readonly start: Start;
  /** Ends what a schedule has going: a run is cancelled, an intent withdrawn. */
  readonly cancel: (schedule: ScheduleRow, what: Older) => Promise<void>;
  /** Notes in the audit log, in the same transaction, that a schedule was paused because it cannot be read. */
  readonly notePause: (tx: Sql, schedule: ScheduleRow, reason: string) => Promise<void>;
  /** After so long a claim counts as left behind by a process that died. Default 30 s. */
  readonly claimMs?: number;
}

const AT_ONCE = 50;
const CLAIM_MS = 30_000;
/** The memory of what was asked for already reaches back a day; after that nobody knows whether the run began. */
const KNOWN_MS = 23 * 3_600_000;
const MOST_TRIES = 20;
const KEPT_DAYS = 90;
const PRUNE_MS = 3_600_000;

/**
 * Looks for times that have come and starts what belongs to them. Any number of processes may look at once: a time is claimed in
 * one transaction, under the lock of its schedule's row, and its row can be written once. A claim whose process died is taken over.
 */
export class Scheduler {
  private pruned = 0;
  private lookedForLeft = -Infinity;
  /** The schedule whose queue was looked at last, while there are others behind it. */
  private queueSeen: Place | undefined;
  private readonly known = new Map<string, Times>();

  constructor(private readonly parts: SchedulerParts) {}

  /** One look. What cannot be started now is tried again; rejects only when the database cannot be asked. */
  async look(): Promise<void> {
    const { database, clock, host } = this.parts;
    const waits = await somethingWaits(database.engine, { now: clock.now(), host });
    if (waits.due) await this.begin(await database.engineTx((tx) => this.claimDue(tx)));
    // What is due may have to wait for the time before it, and that may be over.
    if (waits.due || waits.queued) for (const { org, id } of await this.queued()) await this.goOn(org, id);
    await this.goOnWithLeft();
    await this.prune();
  }

  /**
   * Starts a schedule in this moment, whatever its calendar says.
   * @param start on behalf of whoever asks, not of the schedule: otherwise whoever may fire it had the rights of its maker
   */
  async fireNow(schedule: ScheduleRow, askedBy: string, start: Start): Promise<{ dueAt: Date; outcome: Outcome }> {
    const dueAt = this.parts.clock.now();
    const fire = { dueAt, cause: 'now', state: 'claimed', reason: null, askedBy } as const;
    const { org, id: scheduleId } = schedule;
    await this.parts.database.engineTx((tx) => insertFire(tx, org, scheduleId, fire));
    const claim: ClaimedFire = { org, scheduleId, dueAt, cause: 'now', askedBy, cameAt: dueAt, tries: 1 };
    return { dueAt, outcome: await this.start(claim, schedule, start) };
  }

  /** Claims whose process died; looked for a few times while one grows old enough. */
  private async goOnWithLeft(): Promise<void> {
    const { claimMs: afterMs = CLAIM_MS, clock, database, host } = this.parts;
    if (clock.monotonicMs() - this.lookedForLeft < afterMs / 6) return;
    this.lookedForLeft = clock.monotonicMs();
    await this.begin(await takeOver(database.engine, { afterMs, host, most: AT_ONCE }));
  }

  private async claimDue(tx: Sql): Promise<ClaimedFire[]> {
    const now = this.parts.clock.now();
    const schedules = await dueSchedules(tx, { now, host: this.parts.host, most: AT_ONCE });
    const claimed: ClaimedFire[] = [];
    for (const schedule of schedules) claimed.push(...(await this.claimOne(tx, schedule, now)));
    return claimed;
  }

  private async claimOne(tx: Sql, schedule: ScheduleRow, now: Date): Promise<ClaimedFire[]> {
    const { org, id } = schedule;
    const due = this.decided(schedule, now);
    if ('unreadable' in due) {
      await this.leave(tx, schedule, due.unreadable, now);
      return [];
    }
    const { begin, missed, next } = due;
    if (missed) await insertMissed(tx, org, id, missed, missedWords(schedule));
    const claimed: ClaimedFire[] = [];
    for (const { dueAt, cause } of begin) {
      if (await this.admitted(tx, schedule, { dueAt, cause })) {
        claimed.push({ org, scheduleId: id, dueAt, cause, askedBy: null, cameAt: now, tries: 1 });
      }
    }
    await moveOn(tx, org, id, next, now);
    return claimed;
  }

  /** What fits no table of this machine, or no library of this version, must not hold up the schedules beside it. */
  private decided(schedule: ScheduleRow, now: Date): Due | { readonly unreadable: unknown } {
    try {
      const calendar = this.calendarOf(schedule);
      return decideDue(calendar, earlier(calendar, schedule, now), now);
    } catch (unreadable) {
      return { unreadable };
    }
  }

  /** Another machine may be able to read it: only when none has done so in time is it paused. */
  private async leave(tx: Sql, schedule: ScheduleRow, error: unknown, now: Date): Promise<void> {
    if (now.getTime() - schedule.nextAt.getTime() <= GRACE_MS) return;
    const why = error instanceof Error ? error.message : String(error);
    const reason = `${this.parts.host}, which cannot read its times: ${why}`;
    await pauseSchedule(tx, schedule.org, schedule.id, reason);
    await this.parts.notePause(tx, schedule, reason);
    this.parts.log.warn({ err: error, schedule: schedule.id }, 'a schedule cannot be read, and was paused');
  }

  /** Whether the time begins now, and here: elsewhere it has fired already. */
  private async admitted(
    tx: Sql,
    { org, id, overlap }: ScheduleRow,
    time: Pick<ClaimedFire, 'dueAt' | 'cause'>,
  ): Promise<boolean> {
    const admission = admit(overlap, await goingOf(tx, org, id));
    if (admission === 'replace') await skipQueued(tx, org, id, 'A later time of the schedule took its place.');
    const state = admission === 'begin' ? 'claimed' : admission === 'skip' ? 'skipped' : 'queued';
    const reason = state === 'skipped' ? 'What the schedule started before had not ended.' : null;
    const isNew = await insertFire(tx, org, id, { ...time, state, reason, askedBy: null });
    return isNew && state === 'claimed';
  }

  /** Some of the schedules that have a queue, in turn: those whose runs go on for long hold up none behind them. */
  private async queued(): Promise<Place[]> {
    const { database, host } = this.parts;
    const some = await queuedSchedules(database.engine, { host, most: AT_ONCE, after: this.queueSeen });
    this.queueSeen = some.length < AT_ONCE ? undefined : some.at(-1);
    return some;
  }

  /** Begins the oldest time that waits, when nothing goes on any more. */
  private async goOn(org: string, id: string): Promise<void> {
    const { claimed, older } = await this.parts.database.engineTx((tx) => this.claimNext(tx, org, id));
    if (claimed) await this.beginOne(claimed);
    for (const what of older) await this.cancelOne(org, id, what);
  }

  private async claimNext(
    tx: Sql,
    org: string,
    id: string,
  ): Promise<{ claimed?: ClaimedFire | undefined; older: Older[] }> {
    const schedule = await findSchedule(tx, org, id, true);
    if (!schedule || schedule.pausedAt !== null || !beginsOn(this.parts.host, schedule)) return { older: [] };
    const { going } = await goingOf(tx, org, id);
    if (going === 0) return { claimed: await claimQueued(tx, org, id), older: [] };
    return { older: schedule.overlap === 'cancel' ? await toCancel(tx, org, id) : [] };
  }

  private async cancelOne(org: string, id: string, what: Older): Promise<void> {
    try {
      const schedule = await findSchedule(this.parts.database.engine, org, id);
      if (schedule) await this.parts.cancel(schedule, what);
    } catch (error) {
      this.parts.log.warn(
        { err: error, schedule: id },
        'an older run of a schedule was not cancelled; it is tried again',
      );
    }
  }

  private async begin(claims: readonly ClaimedFire[]): Promise<void> {
    await Promise.all(claims.map((claim) => this.beginOne(claim)));
  }

  /** What fails in a way that may pass stays claimed, and is taken over in a while. */
  private async beginOne(claim: ClaimedFire): Promise<void> {
    try {
      const schedule = await findSchedule(this.parts.database.engine, claim.org, claim.scheduleId);
      if (schedule) await this.start(claim, schedule);
    } catch (error) {
      this.parts.log.warn(
        { err: error, schedule: claim.scheduleId },
        'a time of a schedule was not begun; it is tried again',
      );
    }
  }

  private async start(claim: ClaimedFire, schedule: ScheduleRow, start = this.parts.start): Promise<Outcome> {
    const outcome = lostTrack(claim, this.parts.clock.now()) ?? (await start(requestOf(claim, schedule)));
    await settleFire(this.parts.database.engine, claim, outcome, lateWords(claim, schedule));
    return outcome;
  }

  private calendarOf({ id, cron, zone, jitterS, catchUp, catchUpMost: most }: ScheduleRow): Calendar {
    const name = `${cron}\n${zone}`;
    const times = this.known.get(name) ?? readTimes(cron, zone);
    this.known.set(name, times);
    return { id, times, jitterS, catchUp, most };
  }

  private async prune(): Promise<void> {
    const { clock, database } = this.parts;
    if (this.pruned !== 0 && clock.monotonicMs() - this.pruned < PRUNE_MS) return;
    this.pruned = clock.monotonicMs();
    await pruneFires(database.engine, KEPT_DAYS);
  }
}

/**
 * The next time as it was computed, or, when the clock has gone back since, the one that comes first by the clock as it is: what
 * has fired already is known by its row.
 */
function earlier({ times }: Calendar, { nextDue }: ScheduleRow, now: Date): Date {
  const first = times.after(new Date(now.getTime() - 1));
  return first && first < nextDue ? first : nextDue;
}

function requestOf(claim: ClaimedFire, schedule: ScheduleRow) {
  const { org, name, inputs } = schedule;
  const once = `${schedule.id}:${claim.dueAt.toISOString()}`;
  return { org, by: `cron:${name}`, agent: 'cron', maker: schedule, job: schedule, inputs, once } as const;
}

/** Of a claim that nobody may go on with: nothing is started blindly, nor as somebody else than who asked. */
function lostTrack({ cause, cameAt, tries }: ClaimedFire, now: Date): Outcome | undefined {
  const reason = lostWords(
    cause === 'now' && tries > 1,
    now.getTime() - cameAt.getTime() > KNOWN_MS,
    tries > MOST_TRIES,
  );
  return reason === undefined ? undefined : { state: 'refused', code: 'INTERRUPTED', reason };
}

function lostWords(asked: boolean, old: boolean, often: boolean): string | undefined {
  if (asked) return 'The process that began it ended first. Look whether its run is there, and ask again.';
  if (old) return 'The process that began it ended first, more than a day ago. Look whether its run is there.';
  return often ? `It was tried ${MOST_TRIES} times and never came to an end; the room’s log says why.` : undefined;
}

function missedWords({ catchUp }: ScheduleRow): string {
  const how = {
    none: 'catches up with nothing',
    last: 'catches up with the last only',
    all: 'catches up with the latest only',
  };
  return `No process was there to fire it, and the schedule ${how[catchUp]}.`;
}

/** Why a time did not begin when it was due; null when it did. */
function lateWords({ dueAt, cause, cameAt }: ClaimedFire, { jitterS }: ScheduleRow): string | null {
  if (cause === 'catch-up') return 'Caught up with: no process was there when it was due.';
  const lateS = Math.round((cameAt.getTime() - dueAt.getTime()) / 1000) - jitterS;
  return cause === 'time' && lateS > 5 ? `Begun ${lateS} s late.` : null;
}
