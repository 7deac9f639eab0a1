import { migrationStatus } from '#db/migrate.js';
import { countBeatingWorkers } from '#execute/workers/store.js';
import { sleep } from '#kit/clock.js';
import { asOpsroomError } from '#kit/errors.js';
import type { Room } from './room.js';

/** Whether the room can work: its database answers and is migrated, and this process's worker beats. */
export interface Readiness {
  readonly ready: boolean;
  /** The first thing that is missing. */
  readonly reason?: string;
  readonly database: 'ok' | 'unreachable' | 'not migrated';
  readonly worker: 'ok' | 'not beating' | 'unknown';
}

/** A probe gives up after some seconds: an answer that comes later helps nobody. */
const PATIENCE_MS = 3000;

/** Looks anew; never rejects. `leaseMs`: how old the last heartbeat may be. */
export async function readiness(room: Room, leaseMs: number): Promise<Readiness> {
  const late = sleep(PATIENCE_MS).then(() => unreachable(`The database did not answer within ${PATIENCE_MS} ms.`));
  return Promise.race([look(room, leaseMs).catch((error: unknown) => unreachable(reasonOf(error))), late]);
}

async function look(room: Room, leaseMs: number): Promise<Readiness> {
  const { pending } = await migrationStatus(room.database);
  if (pending.length > 0) {
    const reason = `Migrations are missing: ${pending.join(', ')}.`;
    return { ready: false, reason, database: 'not migrated', worker: 'unknown' };
  }
  const beating = await countBeatingWorkers(room.database.engine, room.host, process.pid, leaseMs);
  if (beating > 0) return { ready: true, database: 'ok', worker: 'ok' };
  return { ready: false, reason: 'The worker does not beat.', database: 'ok', worker: 'not beating' };
}

const unreachable = (reason: string): Readiness => ({
  ready: false,
  reason,
  database: 'unreachable',
  worker: 'unknown',
});

function reasonOf(error: unknown): string {
  return asOpsroomError(error, 'DATABASE_UNREACHABLE').message;
}
