import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratch } from '#db/scratch.js';
import { findRunIds } from '#execute/views/store.js';
import { PACKAGE_FOLDER, readExample } from './examples.js';
import { invoke } from './invoke.js';
import type { Room } from './room.js';
import { startRun } from './runs/start.js';
import type { OpenRoom } from './wire.js';

/** What the plan gets beside its inputs; to be taken back when its run has ended. */
export interface FirstRunProps {
  readonly scratchDatabase: boolean;
  /** May be called again. */
  close(): Promise<void>;
}

const SECRET = 'FIRST_RUN_DATABASE_URL';
const TABLE = 'create table visits (run text primary key, at timestamptz not null default now())';

/**
 * Lends the example a scratch schema of the embedded database. To be called before the worker starts, which remembers
 * secrets for a second. On a server of one's own nothing is made, and the example leaves that step out.
 */
export async function prepareFirstRun(open: OpenRoom): Promise<FirstRunProps> {
  if (!open.embedded) return { scratchDatabase: false, close: () => Promise.resolve() };
  const { database, ports } = open.room;
  const scratch = await makeScratch(database, open.url, TABLE, ports.clock.now());
  const takeBack = open.lendSecret(SECRET, scratch.url);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    takeBack();
    closed ??= scratch.drop();
    return closed;
  };
  return { scratchDatabase: true, close };
}

/** Starts `examples/first-run.md` over the package itself. `url`: where the room listens. Returns the run's id. */
export async function startFirstRun(room: Room, props: FirstRunProps, url: string): Promise<string> {
  const inputs = {
    package: PACKAGE_FOLDER,
    room: url,
    roomHost: new URL(url).hostname,
    scratchDatabase: props.scratchDatabase,
  };
  const folder = join(room.home, 'first-run');
  await mkdir(folder, { recursive: true });
  const { runId } = await invoke(startRun, { plan: await readExample('first-run.md'), inputs, folder }, room);
  return runId;
}

/** Whether there has ever been a run in the room. */
export async function hasRuns(room: Room): Promise<boolean> {
  const [newest] = await room.database.door(room.org, (tx) => findRunIds(tx, room.org, undefined));
  return newest !== undefined;
}
