import { claimDue, lookSoon, type ServerRow } from '#catalog/mcp/server-store.js';
import { deleteLateSignIns } from '#catalog/mcp/sign-in-store.js';
import { repeat } from '#kit/repeat.js';
import type { Room } from '../room.js';
import type { Watched } from './desk.js';
import { Nudges } from './nudges.js';

const EVERY_MS = 2000;
const AT_ONCE = 16;
const TIDY_EVERY_MS = 600_000;

/**
 * Looks at enabled MCP servers: at the start, every five minutes, when one says that its tools have changed, and when one was
 * registered. Keeps the connections, by which servers say so. Any number of processes of one database may do so beside each other.
 */
export function startMcpWatch(room: Room): { close(): Promise<void> } {
  const held = new Map<string, Watched>();
  const failed = (err: unknown): void =>
    room.log.warn({ err }, 'MCP servers could not be looked at; it is tried again');
  const nudges = new Nudges((org, id) => {
    lookSoon(room.database.engine, org, id).then(() => rounds.wake(), failed);
  });
  const look = async (row: ServerRow): Promise<void> => {
    const before = held.get(row.id);
    held.delete(row.id);
    const usable = before?.link.isOpen && before.revision === row.revision ? before : undefined;
    if (before && !usable) await before.close();
    const watched = await room.mcp.look(row, usable, () => nudges.tell(row.org, row.id));
    if (watched) held.set(row.id, watched);
  };
  const round = async (): Promise<void> => {
    const due = await claimDue(room.database.engine, AT_ONCE);
    await Promise.all(due.map(look));
  };
  const rounds = repeat(round, { everyMs: EVERY_MS, failed });
  const tidying = repeat(() => deleteLateSignIns(room.database.engine), { everyMs: TIDY_EVERY_MS, failed });
  return {
    close: async () => {
      await Promise.all([rounds.close(), tidying.close()]);
      await Promise.all([...held.values()].map((one) => one.close()));
    },
  };
}
