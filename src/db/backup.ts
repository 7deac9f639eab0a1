import { open, rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Client, DatabaseError, escapeIdentifier } from 'pg';
import { OpsroomError } from '#kit/errors.js';
import { type BackupHeader, FORMAT, TableTotal } from './backup-format.js';
import type { Database } from './database.js';
import { dbError } from './pg-errors.js';
import { listPartitions, listSequences, listTables, qualified, type Table } from './tables.js';

export interface BackupProgress {
  readonly table: string;
  /** Rows of this table so far. */
  readonly rows: number;
}

export type OnProgress = (progress: BackupProgress) => void;

/** Values must read back exactly, whatever the server's own settings. */
export const EXACT_TEXT = `set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres'; set local timezone to 'UTC';
  set local extra_float_digits to 1; set local bytea_output to 'hex'`;
const BATCH_BYTES = 1024 * 1024;
const BATCH_ROWS = 500;
const CURSOR_ROWS = 5_000;

/**
 * Writes every row of ours, as of one moment, to `file` (0600; it appears under its name only when complete). Runs go on
 * meanwhile. Queued jobs are not in it: they are hints, and the first sweep after a restore gives them anew.
 * An older file of the name is replaced. Throws USAGE when it cannot be written, DISK_FULL, DATABASE_UNREACHABLE.
 */
export async function backup(database: Database, file: string, now: Date, progress?: OnProgress): Promise<void> {
  const part = `${file}.part`;
  const handle = await open(part, 'wx', 0o600).catch((error: unknown) => {
    throw writeError(error, file);
  });
  try {
    await writeBackup(database, handle.createWriteStream({ flush: true }), now, progress);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw writeError(error, file);
  }
}

/** The same to any sink, which is ended. */
export async function writeBackup(
  database: Database,
  sink: Writable,
  now: Date,
  progress: OnProgress = () => undefined,
): Promise<void> {
  const client = await database.connectDirect();
  try {
    await client.query(`begin isolation level repeatable read read only; ${EXACT_TEXT}`);
    const text = lines(client, now, progress);
    await pipeline(Readable.from(withLineFeeds(text), { objectMode: false }), createGzip(), sink);
  } finally {
    await client.end();
  }
}

async function* lines(client: Client, now: Date, progress: OnProgress): AsyncGenerator<string> {
  const schema = await client.query<BackupHeader['schema'][number]>(
    'select number, sha256 from opsroom.migrations order by number',
  );
  const partitions = await listPartitions(client);
  const header = { opsroom: 'backup', format: FORMAT, createdAt: now.toISOString(), schema: schema.rows, partitions };
  yield JSON.stringify(header);
  const tables = await listTables(client);
  for (const table of tables) yield* tableLines(client, table, progress);
  for (const { name, last, called } of await listSequences(client)) {
    yield JSON.stringify({ sequence: name, last, called });
  }
  yield JSON.stringify({ end: tables.length });
}

async function* tableLines(client: Client, table: Table, progress: OnProgress): AsyncGenerator<string> {
  const total = new TableTotal();
  let rows = 0;
  yield JSON.stringify({ table: table.name, columns: table.columns.map((column) => column.name) });
  for await (const batch of batches(client, table)) {
    for (const row of await readRows(client, table, batch)) {
      total.add(row);
      yield row;
    }
    rows += batch.length;
    progress({ table: table.name, rows });
  }
  yield JSON.stringify(total.finish());
}

/**
 * The table's row addresses in groups of about a megabyte, so that memory stays flat beside rows of any size. Within
 * one snapshot an address cannot come to mean another row.
 */
async function* batches(client: Client, table: Table): AsyncGenerator<string[]> {
  const sizes = table.columns.map((column) => `coalesce(pg_column_size(${escapeIdentifier(column.name)}), 0)`);
  const sized = `select ctid::text as address, ${sizes.join(' + ') || '0'} as size from ${qualified(table.name)}`;
  await client.query(`declare addresses no scroll cursor for ${sized}`);
  let batch: string[] = [];
  let bytes = 0;
  for (;;) {
    const { rows } = await client.query<{ address: string; size: number }>(`fetch ${CURSOR_ROWS} from addresses`);
    if (rows.length === 0) break;
    for (const { address, size } of rows) {
      if (batch.length > 0 && (batch.length === BATCH_ROWS || bytes + size > BATCH_BYTES)) {
        yield batch;
        [batch, bytes] = [[], 0];
      }
      batch.push(address);
      bytes += size;
    }
  }
  await client.query('close addresses');
  if (batch.length > 0) yield batch;
}

async function readRows(client: Client, table: Table, addresses: readonly string[]): Promise<string[]> {
  const values = table.columns.map((column) => `${escapeIdentifier(column.name)}::text`).join(', ');
  const text = `select to_json(array[${values}]::text[])::text as line from ${qualified(table.name)} where ctid = any ($1::tid[])`;
  const { rows } = await client.query<{ line: string }>(text, [addresses]);
  return rows.map((row) => row.line);
}

async function* withLineFeeds(source: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of source) yield `${line}\n`;
}

function writeError(error: unknown, file: string): OpsroomError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new OpsroomError('DISK_FULL', { where: file, cause: error });
  const ofFile = code !== undefined && /^E[A-Z]+$/.test(code) && (error as NodeJS.ErrnoException).path !== undefined;
  if (!ofFile || error instanceof DatabaseError) return dbError(error);
  const what = `The backup cannot be written: ${message}`;
  return new OpsroomError('USAGE', { what, mend: 'Name a new file in a writable folder.', cause: error });
}
