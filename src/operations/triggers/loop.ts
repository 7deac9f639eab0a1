import { repeat } from '#kit/repeat.js';
import type { Room } from '../room.js';
import { openScheduler } from '../schedules/scheduler.js';

/** A minute is the shortest time between two times of a schedule. */
const EVERY_MS = 1000;

/** Looks for schedules whose time has come until it is closed. Any number of processes of one database may do so beside each other. */
export function startTriggers(room: Room): { close(): Promise<void> } {
  const scheduler = openScheduler(room);
  const failed = (err: unknown): void => room.log.warn({ err }, 'schedules could not be looked at; it is tried again');
  return repeat(() => scheduler.look(), { everyMs: EVERY_MS, failed });
}
