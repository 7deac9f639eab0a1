import { repeat } from '#kit/repeat.js';
import { type LookPorts, lookAround } from '#notify/look.js';
import { pruneNotifications } from '#notify/store.js';
import { tellDue } from '#notify/tell.js';
import type { Room } from '../room.js';
import { tellPorts } from './ports.js';

const EVERY_MS = 5000;
const PRUNE_EVERY_MS = 3_600_000;
/** What was told is kept for so long. */
const KEPT_DAYS = 30;

/** Tells people what they asked to be told, until it is closed. Any number of servers of one database may do so beside each other. */
export function startNotifier(room: Room): { close(): Promise<void> } {
  const { database, log } = room;
  const stop = new AbortController();
  const tell = tellPorts(room);
  const failed = (err: unknown): void => log.warn({ err }, 'nobody could be notified; it is tried again');
  const look = lookPorts(room);
  const round = async (): Promise<void> => {
    await lookAround(database, look).catch(failed); // what waits already goes all the same
    await tellDue(database, tell, stop.signal);
  };
  const rounds = repeat(round, { everyMs: EVERY_MS, failed });
  const pruning = repeat(() => pruneNotifications(database.engine, KEPT_DAYS), { everyMs: PRUNE_EVERY_MS, failed });
  return {
    close: async () => {
      stop.abort();
      await Promise.all([rounds.close(), pruning.close()]);
    },
  };
}

/** What looking for something to tell needs, from the room. */
export function lookPorts({ ports, log }: Pick<Room, 'ports' | 'log'>): LookPorts {
  return {
    maskOf: async (org) => {
      const { mask } = await ports.secrets(org, {});
      return (text) => mask.text(text);
    },
    failed: (err, org) => log.warn({ err, org }, 'an organisation cannot be notified; it is tried again'),
  };
}
