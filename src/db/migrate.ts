import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Logger, runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { OpsroomError } from '#kit/errors.js';
import type { Database } from './database.js';
import { dbError } from './pg-errors.js';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

export interface Applied {
  readonly number: number;
  readonly sha256: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
/** Concurrent starters queue up here; the lock ends with its session. */
const LOCK = [7_000, 2];
const OLDEST_SERVER = 150_000;

/**
 * Brings the database to this version's schema: Graphile Worker's first, since ours calls it, then each of ours that is
 * missing, one transaction each. Returns the numbers applied. `upTo` stops early, for the tests of upgrades.
 * Throws DATA_DIR_NEWER for a schema of a newer version, DATABASE_FAILED for a changed migration or a refused statement.
 */
export async function migrate(database: Database, upTo = Number.POSITIVE_INFINITY): Promise<number[]> {
  const known = (await readMigrations()).filter((migration) => migration.number <= upTo);
  const client = await database.connectDirect().catch((error: unknown) => {
    throw dbError(error);
  });
  try {
    await requireVersion(client);
    await client.query('select pg_advisory_lock($1, $2)', LOCK);
    const missing = pendingMigrations(known, await readApplied(client));
    await runMigrations({ pgPool: database.engine, logger: silent });
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.number);
  } catch (error) {
    throw refusal(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface MigrationStatus {
  readonly applied: readonly number[];
  readonly pending: readonly number[];
}

/** What the database has of this version's migrations; changes nothing. Throws as `pendingMigrations` does. */
export async function migrationStatus(database: Database): Promise<MigrationStatus> {
  const known = await readMigrations();
  const applied = await readApplied(database.engine).catch((error: unknown) => {
    throw dbError(error);
  });
  const pending = pendingMigrations(known, applied).map((migration) => migration.number);
  return { applied: applied.map((row) => row.number), pending };
}

/**
 * Which migrations are to run, in order. Throws when what was applied is not a prefix of what we know: a newer number
 * (DATA_DIR_NEWER), or a text that has changed since (DATABASE_FAILED). Pure.
 */
export function pendingMigrations(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const newest = Math.max(0, ...known.map((migration) => migration.number));
  for (const { number, sha256 } of applied) {
    const ours = known.find((migration) => migration.number === number);
    const where = `migration ${number}`;
    if (!ours && number > newest) {
      throw new OpsroomError('DATA_DIR_NEWER', { what: 'The database was migrated by a newer version.', where });
    }
    if (ours?.sha256 !== sha256) {
      const mend = 'Use the version that applied it; a migration is never edited once released.';
      throw new OpsroomError('DATABASE_FAILED', { what: 'A migration differs from the one applied.', where, mend });
    }
  }
  const done = new Set(applied.map((row) => row.number));
  return known.filter((migration) => !done.has(migration.number)).sort((a, b) => a.number - b.number);
}

/** This version's migrations, in order: the `NNNN_name.sql` files beside this module. */
export async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, FOLDER), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, sha256 };
    }),
  );
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    const row = [migration.number, migration.name, migration.sha256];
    await client.query('insert into opsroom.migrations (number, name, sha256) values ($1, $2, $3)', row);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw refusal(error, `migration ${migration.number} ${migration.name}`);
  }
}

async function readApplied(client: Pick<pg.Pool, 'query'>): Promise<Applied[]> {
  const found = await client.query<{ there: boolean }>("select to_regclass('opsroom.migrations') is not null as there");
  if (!found.rows[0]?.there) return [];
  return (await client.query<Applied>('select number, sha256 from opsroom.migrations order by number')).rows;
}

async function requireVersion(client: pg.Client): Promise<void> {
  const answer = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  const version = answer.rows[0]?.version ?? 0;
  if (version >= OLDEST_SERVER) return;
  throw new OpsroomError('DATABASE_FAILED', {
    what: `The server is PostgreSQL ${Math.floor(version / 10_000)}.`,
    mend: 'Use PostgreSQL 15 or later.',
  });
}

/** A statement's hint says what an administrator has to run. */
function refusal(error: unknown, where?: string): OpsroomError {
  const { hint, message } = error as { hint?: string; message?: string };
  const mend = hint ? `As an administrator of the server, run: ${hint}` : undefined;
  if (!mend || error instanceof OpsroomError) return dbError(error);
  return new OpsroomError('DATABASE_FAILED', { what: message ?? '', mend, cause: error, ...(where && { where }) });
}

const silent = new Logger(() => () => undefined);
