import { type Database, openDatabase } from '#db/database.js';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { findHome, openHome } from '#db/home.js';
import type { Config } from '#kit/config.js';
import type { Logger } from '#observe/log.js';

/** What a room stands on: the data directory and the database, migrated or not. */
export interface Base {
  readonly home: string;
  readonly url: string;
  readonly directUrl: string;
  readonly database: Database;
  readonly embedded: Embedded | undefined;
}

/** Opens the data directory and the database, and changes neither. */
export async function openBase(config: Config, cwd: string, log: Logger): Promise<Base> {
  const home = await openHome(await findHome(cwd, config.home));
  const embedded = config.databaseUrl === undefined ? await openEmbedded(home, log) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const directUrl = config.directUrl ?? url;
  const database = openDatabase({ url, directUrl, applicationName: 'opsroom', max: 10, log });
  return { home, url, directUrl, database, embedded };
}

/** A base, and what is loaded while it opens. When that cannot be loaded, the base is closed again. */
export async function baseWith<T>(opening: Promise<Base>, loading: Promise<T>): Promise<[Base, T]> {
  try {
    return await Promise.all([opening, loading]);
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
