import { basename } from 'node:path';
import { migrationStatus } from '#db/migrate.js';
import { countBeatingWorkers } from '#execute/workers/store.js';
import { sleep } from '#kit/clock.js';
import { asOpsroomError } from '#kit/errors.js';
import { freeBytes, fullDiskProblems } from './disk.js';
import type { Room } from './room.js';

/** Whether the room can work: its database answers and is migrated, and this process's worker beats; and what is wrong all the same. */
export interface Readiness {
  readonly ready: boolean;
  /** The first thing that is missing. */
  readonly reason?: string;
  readonly database: 'ok' | 'unreachable' | 'not migrated';
  readonly worker: 'ok' | 'not beating' | 'unknown';
  /**
   * `unusable`: nothing new is decided, so that nothing new begins. What runs goes on, and another instance has the same files, so the room
   * is ready all the same: a balancer must not take it out, and what watches it must hear of it.
   */
  readonly policies: 'ok' | 'unusable' | 'unknown';
  /** What does not keep it from working, and wants mending: which policy file is wrong, and where; a full disk. */
  readonly problems?: readonly string[];
}

/** A probe gives up after some seconds: an answer that comes later helps nobody. */
const PATIENCE_MS = 3000;
/**
 * Policies are waited for less: reading them anew takes its time while somebody writes to the folder, and until the database has noted them,
 * which must not pass for a database that does not answer. The folder itself is looked at as each decision does, without waiting: a disk that
 * does not answer stops the process, this probe with it.
 */
const LOOK_PATIENCE_MS = 1000;
const MOST_PROBLEMS = 5;

/** Looks anew; never rejects. `leaseMs`: how old the last heartbeat may be. */
export async function readiness(room: Room, leaseMs: number): Promise<Readiness> {
  const late = sleep(PATIENCE_MS).then(() => unreachable(`The database did not answer within ${PATIENCE_MS} ms.`));
  return Promise.race([look(room, leaseMs).catch((error: unknown) => unreachable(reasonOf(error))), late]);
}

async function look(room: Room, leaseMs: number): Promise<Readiness> {
  const { pending } = await migrationStatus(room.database);
  if (pending.length > 0) {
    const reason = `Migrations are missing: ${pending.join(', ')}.`;
    return { ready: false, reason, database: 'not migrated', worker: 'unknown', policies: 'unknown' };
  }
  const [beating, rules, disk] = await Promise.all([
    countBeatingWorkers(room.database.engine, room.host, process.pid, leaseMs),
    policiesOf(room),
    diskOf(room),
  ]);
  const problems = [...(rules.problems ?? []), ...disk];
  const rest = { policies: rules.policies, ...(problems.length > 0 && { problems }) };
  if (beating > 0) return { ready: true, database: 'ok', worker: 'ok', ...rest };
  return { ready: false, reason: 'The worker does not beat.', database: 'ok', worker: 'not beating', ...rest };
}

/** Never rejects, and waits no longer than for policies. */
function diskOf({ home }: Room): Promise<readonly string[]> {
  const looked = freeBytes(home).then(fullDiskProblems, () => []);
  return Promise.race([looked, sleep(LOOK_PATIENCE_MS).then(() => [])]);
}

type Rules = Pick<Readiness, 'policies' | 'problems'>;
const UNKNOWN: Rules = { policies: 'unknown' };

/** Never rejects, and says `unknown` where looking goes wrong or takes long: neither is the database's fault. */
function policiesOf({ policies }: Room): Promise<Rules> {
  const looked = policies.describe().then(shownRules, () => UNKNOWN);
  return Promise.race([looked, sleep(LOOK_PATIENCE_MS).then(() => UNKNOWN)]);
}

/** Where they lie is not told, since whoever reaches the port reads this: a problem of the folder itself names its whole path. */
function shownRules({ problems }: Awaited<ReturnType<Room['policies']['describe']>>): Rules {
  if (problems.length === 0) return { policies: 'ok' };
  const places = problems
    .slice(0, MOST_PROBLEMS)
    .map(({ file, line }) => (line === undefined ? basename(file) : `${basename(file)}, line ${line}`));
  return {
    policies: 'unusable',
    problems: places.map((place) => `The policies cannot be used (${place}): nothing new begins.`),
  };
}

const unreachable = (reason: string): Readiness => ({
  ready: false,
  reason,
  database: 'unreachable',
  worker: 'unknown',
  policies: 'unknown',
});

function reasonOf(error: unknown): string {
  return asOpsroomError(error, 'DATABASE_UNREACHABLE').message;
}
