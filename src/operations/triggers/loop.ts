import { repeat } from '#kit/repeat.js';
import type { Room } from '../room.js';
import { openScheduler } from '../schedules/scheduler.js';
import { openDeliveries } from '../webhooks/deliveries.js';

/** A minute is the shortest time between two times of a schedule. */
const EVERY_MS = 1000;
/** Left behind is what nobody has gone on with for half a minute. */
const LEFT_EVERY_MS = 5000;

/**
 * Looks for schedules whose time has come, and beside that for deliveries that were left behind, until it is closed. Any number of
 * processes of one database may do so at once.
 */
export function startTriggers(room: Room): { close(): Promise<void> } {
  const [scheduler, deliveries] = [openScheduler(room), openDeliveries(room)];
  const failed =
    (what: string) =>
    (err: unknown): void =>
      room.log.warn({ err }, `${what} could not be looked at; it is tried again`);
  const looks = [
    repeat(() => scheduler.look(), { everyMs: EVERY_MS, failed: failed('schedules') }),
    repeat(() => deliveries.look(), { everyMs: LEFT_EVERY_MS, failed: failed('webhooks') }),
  ];
  return { close: async () => void (await Promise.all(looks.map((one) => one.close()))) };
}
