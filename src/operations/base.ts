import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Database, openDatabase } from '#db/database.js';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { findHome, openHome } from '#db/home.js';
import { existingCluster, isBeingMade } from '#db/place.js';
import { sleep, systemClock } from '#kit/clock.js';
import type { Config } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import type { Logger } from '#observe/log.js';

/** What a room stands on: the data directory and the database, migrated or not. */
export interface Base {
  readonly home: string;
  readonly url: string;
  readonly directUrl: string;
  readonly database: Database;
  readonly embedded: Embedded | undefined;
}

/**
 * Changes nothing. Where a database is named, the room is in that, whatever the folder holds; a data directory that cannot be looked
 * into is left to whoever opens it. A room that another process is making is waited for.
 * @throws OpsroomError ROOM_NOT_FOUND
 */
export async function requireRoom(config: Config, cwd: string, patienceMs = MADE_WITHIN_MS): Promise<void> {
  if (config.databaseUrl !== undefined) return;
  const home = resolve(await findHome(cwd, config.home));
  const until = systemClock.monotonicMs() + patienceMs;
  while ((await existingCluster(home)) === undefined && !(await isClosed(home))) {
    if (!(await isBeingMade(home, systemClock.now().getTime())))
      throw new OpsroomError('ROOM_NOT_FOUND', { where: home });
    if (systemClock.monotonicMs() >= until) throw stillMade(home);
    await sleep(LOOK_AGAIN_MS);
  }
}

const MADE_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 100;

const stillMade = (where: string): OpsroomError =>
  new OpsroomError('ROOM_NOT_FOUND', {
    what: 'The room here is still being made.',
    where,
    mend: 'Try again in a moment; where nothing makes it, `opsroom start` does.',
  });

async function isClosed(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.X_OK).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );
}

/**
 * Opens the data directory and the database, and changes neither.
 *
 * @param begun is called once a program of PostgreSQL is at work, or the embedded database runs already: loading may begin
 */
export async function openBase(config: Config, cwd: string, log: Logger, begun?: () => void): Promise<Base> {
  const home = await openHome(await findHome(cwd, config.home));
  const embedded = config.databaseUrl === undefined ? await openEmbedded(home, log, begun) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const directUrl = config.directUrl ?? url;
  const database = openDatabase({ url, directUrl, applicationName: 'opsroom', max: 10, log });
  return { home, url, directUrl, database, embedded };
}

/**
 * A base, and what is loaded while it opens: not before its database was begun with, since loading leaves this process no moment for
 * that. When it cannot be loaded, the base is closed again.
 */
export async function baseWith<T>(
  open: (begun: () => void) => Promise<Base>,
  load: () => Promise<T>,
): Promise<[Base, T]> {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const opening = open(begin);
  await Promise.race([begun, opening]);
  try {
    return await Promise.all([opening, load()]);
  } catch (error) {
    await opening.then(closeBase, () => undefined);
    throw error;
  }
}

/** The last one to leave stops the embedded database. */
export async function closeBase({ database, embedded }: Base): Promise<void> {
  try {
    await database.close();
  } finally {
    await embedded?.close();
  }
}
