import type { Readiness } from '../readiness.js';
import type { Room } from '../room.js';
import { noteMinute } from './store.js';

const EVERY_MS = 30_000;

/** Notes each minute whether the room is ready, from which the dashboard tells its uptime. */
export interface Minutes {
  /** Ends it, and notes that the room was stopped on purpose. */
  close(): Promise<void>;
}

/** A note that cannot be written is the same as no note: the minute counts as down. */
export function noteMinutes(
  { database, log }: Pick<Room, 'database' | 'log'>,
  ready: () => Promise<Readiness>,
): Minutes {
  const write = (state: Parameters<typeof noteMinute>[1], reason: string | null) =>
    noteMinute(database.engine, state, reason).catch((error: unknown) => {
      log.debug({ err: error }, 'the minute was not noted');
    });
  const look = async () => {
    const { ready: is, reason } = await ready();
    await write(is ? 'ready' : 'not ready', reason ?? null);
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = look();
  }, EVERY_MS);
  timer.unref();
  last = look();
  return {
    close: async () => {
      clearInterval(timer);
      await last;
      await write('stopped', null);
    },
  };
}
