import { type CatalogueEntry, entry } from './entry.js';

/** The machine, the data directory and the database. Keep it sorted by code. */
export const MACHINE = {
  BACKUP_UNUSABLE: entry(
    422,
    2,
    'The backup cannot be restored here.',
    'Take another backup, or restore into a new directory with OPSROOM_HOME.',
  ),
  DATABASE_FAILED: entry(
    500,
    2,
    'The database refused a statement.',
    'Run `opsroom doctor`; the log holds the details.',
  ),
  DATABASE_UNREACHABLE: entry(503, 2, 'The database cannot be reached.', 'Check that it runs; see `opsroom doctor`.'),
  DATA_DIR_IN_USE: entry(
    503,
    2,
    'The data directory is used by another process.',
    'Stop that process, or choose another directory with OPSROOM_HOME.',
  ),
  DATA_DIR_NEWER: entry(
    503,
    2,
    'The data directory was written by a newer version.',
    'Use that version, or restore a backup into a new directory.',
  ),
  DISK_FULL: entry(
    507,
    2,
    'There is no room left on the disk.',
    'Free some space, then go on with `opsroom resume RUN`.',
  ),
  FILE_UNREADABLE: entry(
    503,
    2,
    'A file cannot be read just now.',
    'See that the user of the room may read it, then try again; see `opsroom doctor`.',
  ),
  INTERNAL: entry(
    500,
    1,
    'Opsroom made a mistake.',
    'Report it with the code and the time; the log holds the details.',
  ),
  MODEL_FAILED: entry(
    502,
    1,
    'The language model gave no answer.',
    'See `opsroom models`: which one is configured, and whether its key is set. Without one, words choose among templates.',
  ),
  MODEL_LIMIT: entry(
    429,
    1,
    'What language models may cost in a day is spent.',
    'Wait until 00:00 UTC, or raise it: `opsroom limits --model-usd N`.',
  ),
  PLATFORM_UNSUPPORTED: entry(
    501,
    2,
    'The embedded database does not serve this platform.',
    'Set DATABASE_URL to a PostgreSQL server of version 15 or later.',
  ),
  PORT_IN_USE: entry(
    503,
    2,
    'The port is taken by another program.',
    'Choose another one with --port, or 0 for any that is free.',
  ),
  ROOM_NOT_FOUND: entry(
    404,
    2,
    'There is no room here.',
    'Go to the folder of your project, or name its data directory with OPSROOM_HOME or its database with DATABASE_URL; `opsroom start` makes a room.',
  ),
  SECRETS_FILE: entry(
    503,
    2,
    'The secrets file cannot be used.',
    'Make it a file of NAME=VALUE lines that only its owner may read (chmod 600).',
  ),
  SECRET_ALTERED: entry(
    500,
    2,
    'A row of the vault does not open: it was altered, or belongs elsewhere.',
    'Set the secret anew with `opsroom secrets set NAME`, and find out who can write to the database.',
  ),
  VAULT_KEY: entry(
    503,
    2,
    'The vault does not open: its key is missing or wrong.',
    'Put your copy of `keys/vault.key` back (no backup holds it) or set OPSROOM_VAULT_KEY; what its key is lost for can only be removed and set anew.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
