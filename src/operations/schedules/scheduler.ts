import { findIntent } from '#authorise/intents/store.js';
import { restartOf } from '#execute/views/store.js';
import { hasEnded } from '#ir/state.js';
import type { Older } from '#trigger/fire-store.js';
import type { ScheduleRow } from '#trigger/schedule-store.js';
import { Scheduler } from '#trigger/scheduler.js';
import { BY_ITSELF } from '../intents/record.js';
import { takeBack } from '../intents/say-no.js';
import { invoke } from '../invoke.js';
import type { Room } from '../room.js';
import { readRun } from '../runs/reference.js';
import { cancelRun } from '../runs/signals.js';
import { begin, roomOfTrigger } from '../triggers/begin.js';
import { note } from '../triggers/note.js';

/** What fires the schedules of every organisation, each on behalf of its maker. */
export function openScheduler(room: Room): Scheduler {
  const { database, host, log, ports } = room;
  return new Scheduler({
    database,
    host,
    log,
    clock: ports.clock,
    start: (request) => begin(room, request),
    cancel: (schedule, older) => cancelOlder(room, schedule, older),
    notePause: (tx, { org, id, name }, reason) =>
      note(tx, { ...room, org, by: BY_ITSELF }, 'schedule.paused', { schedule: id, name, reason }),
  });
}

/** Ends what a schedule has going because its next time has come. */
async function cancelOlder(room: Room, schedule: ScheduleRow, { runId, intentId }: Older): Promise<void> {
  const { org, name, inputs } = schedule;
  const request = { org, by: `cron:${name}`, agent: 'cron', maker: schedule, job: schedule, inputs, once: '' } as const;
  const itsRoom = await roomOfTrigger(room, request);
  const intent = intentId === null ? undefined : await findIntent(room.database.engine, org, intentId);
  if (intent?.status === 'waiting' || intent?.status === 'approved') return takeBack(itsRoom, intent, REASON);
  await cancelGoing(itsRoom, runId ?? intent?.runId ?? undefined);
}

/** Ends a run, or the one as which its plan started it anew. */
async function cancelGoing(room: Room, first: string | undefined): Promise<void> {
  for (let run = first; run !== undefined; run = await restartOf(room.database.engine, room.org, run)) {
    const { status } = await readRun(room, run);
    if (!hasEnded(status)) await invoke(cancelRun, { run, reason: REASON }, room);
  }
}

const REASON = 'The next time of the schedule has come.';
