import { repeat } from '#kit/repeat.js';
import type { Room } from '../room.js';
import { openScheduler } from '../schedules/scheduler.js';
import { openDeliveries } from '../webhooks/deliveries.js';

/** A minute is the shortest time between two times of a schedule. */
const EVERY_MS = 1000;

/** Looks for schedules whose time has come, and for deliveries that were left behind, until it is closed. Any number of processes of one database may do so beside each other. */
export function startTriggers(room: Room): { close(): Promise<void> } {
  const scheduler = openScheduler(room);
  const deliveries = openDeliveries(room);
  const failed = (err: unknown): void =>
    room.log.warn({ err }, 'schedules and webhooks could not be looked at; it is tried again');
  const round = async (): Promise<void> => {
    await scheduler.look();
    await deliveries.look();
  };
  return repeat(round, { everyMs: EVERY_MS, failed });
}
