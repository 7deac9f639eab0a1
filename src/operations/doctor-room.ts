import { access, constants, lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { embeddedState, openEmbedded } from '#db/embedded.js';
import { findHome, requireLayout } from '#db/home.js';
import { inspectServer, type ServerFacts } from '#db/inspect.js';
import type { Config } from '#kit/config.js';
import { asOpsroomError } from '#kit/errors.js';
import type { VaultKeyPlaces } from '#secrets/vault-key.js';
import { freeBytes, freeSpaceFinding } from './disk.js';
import { vaultFinding } from './doctor-vault.js';
import type { Finding } from './finding.js';

const OLDEST_MAJOR = 15;

/** The data directory: may it be written, does this version know it, is there room. */
export async function homeFindings(config: Config, cwd: string): Promise<Finding[]> {
  const home = resolve(cwd, await findHome(cwd, config.home));
  return [await writableFinding(home), freeSpaceFinding(await freeBytes(await nearestExisting(home)))];
}

async function writableFinding(home: string): Promise<Finding> {
  const finding = { id: 'home', title: 'Data directory', essential: true };
  const folder = await nearestExisting(home);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    await requireLayout(home);
    return { ...finding, ok: true, found: folder === home ? home : `${home} (will be made)` };
  } catch (thrown) {
    const mend = 'Name a writable directory with OPSROOM_HOME.';
    const { code, message, mend: theirs } = asOpsroomError(thrown);
    if (code === 'DATA_DIR_NEWER') return { ...finding, ok: false, found: message, mend: theirs };
    return { ...finding, ok: false, found: `${folder} may not be written to`, mend };
  }
}

async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const there = await lstat(folder).catch(() => undefined);
    if (there) return folder;
  }
  return '/';
}

/** The database: one's own is asked; the embedded one is asked when it runs, or when it is to be started. */
export async function databaseFindings(config: Config, cwd: string, start: boolean): Promise<Finding[]> {
  const finding = { id: 'database', title: 'Database', essential: true };
  try {
    const home = resolve(cwd, await findHome(cwd, config.home));
    const keys = { folder: join(home, 'keys'), variable: config.vaultKey };
    if (config.databaseUrl !== undefined) return await roomFindings(config.databaseUrl, keys);
    const state = await embeddedState(home);
    if (state === 'running' || start) return await embeddedFindings(home, keys);
    const found = state === 'absent' ? 'embedded, not made yet' : 'embedded, not running';
    const tried = { ...finding, ok: true, found: `${found}; \`opsroom doctor --start\` tries it` };
    return [tried, await vaultFinding(keys, undefined)];
  } catch (thrown) {
    const { message, mend } = asOpsroomError(thrown);
    return [{ ...finding, ok: false, found: message, mend }];
  }
}

/** Joined and left as any user of it: the last one to leave stops it. */
async function embeddedFindings(home: string, keys: VaultKeyPlaces): Promise<Finding[]> {
  const embedded = await openEmbedded(home, { debug: quiet, info: quiet, warn: quiet, error: quiet });
  try {
    return await roomFindings(embedded.url, keys);
  } finally {
    await embedded.close();
  }
}

async function roomFindings(url: string, keys: VaultKeyPlaces): Promise<Finding[]> {
  return [...serverFindings(await inspectServer(url)), await vaultFinding(keys, url)];
}

const quiet = (): void => undefined;

/** What a server's own words mean for the room. Pure. */
export function serverFindings({ version, major, role, superuser }: ServerFacts): Finding[] {
  const recent = major >= OLDEST_MAJOR;
  return [
    {
      id: 'database',
      title: 'Database',
      ok: recent,
      essential: true,
      found: `PostgreSQL ${version}`,
      ...(recent ? {} : { mend: `Use PostgreSQL ${OLDEST_MAJOR} or later.` }),
    },
    {
      id: 'role',
      title: 'Database role',
      ok: !superuser,
      essential: false,
      found: superuser ? `${role} is a superuser` : role,
      ...(superuser
        ? { mend: 'Connect as an ordinary role that owns the database: a superuser may do too much.' }
        : {}),
    },
  ];
}
