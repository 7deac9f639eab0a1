import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type BackupProgress, backup } from '#db/backup.js';
import { embeddedState, openEmbedded } from '#db/embedded.js';
import { findHome } from '#db/home.js';
import { type MigrationStatus, migrate, migrationStatus } from '#db/migrate.js';
import { readBackupHeader, restore } from '#db/restore.js';
import type { Config } from '#kit/config.js';
import type { Logger } from '#observe/log.js';
import { closeBase, openBase } from './base.js';
import type { Room } from './room.js';

export type OnRows = (progress: BackupProgress) => void;

export interface Migrated extends MigrationStatus {
  /** What this call applied, by number. */
  readonly now: readonly number[];
}

/** Brings the database up to this version, or only says how far it is. Throws as `migrate` does. */
export async function migrateRoom(config: Config, cwd: string, log: Logger, apply: boolean): Promise<Migrated> {
  const base = await openBase(config, cwd, log);
  try {
    const now = apply ? await migrate(base.database) : [];
    return { now, ...(await migrationStatus(base.database)) };
  } finally {
    await closeBase(base);
  }
}

/** Writes the whole room into one file, while it goes on working. Throws USAGE, DISK_FULL, DATABASE_UNREACHABLE. */
export async function backUpRoom(room: Room, file: string, progress: OnRows): Promise<void> {
  await backup(room.database, file, room.ports.clock.now(), progress);
}

/** Looks at the beginning of the file alone; what is piped in can be read only once. Throws BACKUP_UNUSABLE, NOT_FOUND. */
export async function requireBackup(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isFile()) await readBackupHeader(file);
}

/** Fills an empty room from a backup, all or nothing. Throws BACKUP_UNUSABLE, NOT_FOUND, DISK_FULL. */
export async function restoreRoom(room: Room, file: string, progress: OnRows): Promise<void> {
  await restore(room.database, file, progress);
}

/** The data directory that a command in `cwd` means; absolute, made or not. */
export async function locateHome(config: Config, cwd: string): Promise<string> {
  return resolve(cwd, await findHome(cwd, config.home));
}

/**
 * Stops an embedded database that nobody uses any more, such as a killed server leaves. Joined and left: the last user
 * to leave stops it.
 *
 * @param openLog is asked only where one runs: it makes the data directory
 */
export async function stopIdleDatabase(
  home: string,
  openLog: () => Promise<Logger>,
): Promise<'not running' | 'stopped' | 'in use'> {
  if ((await embeddedState(home)) !== 'running') return 'not running';
  await (await openEmbedded(home, await openLog())).close();
  return (await embeddedState(home)) === 'running' ? 'in use' : 'stopped';
}
