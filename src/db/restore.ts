import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Client, DatabaseError, escapeIdentifier } from 'pg';
import { OpsroomError } from '#kit/errors.js';
import { EXACT_TEXT, type OnProgress } from './backup.js';
import { type BackupHeader, type BackupMark, parseHeader, parseLine, splitLines, unusable } from './backup-format.js';
import type { Database } from './database.js';
import { dbError } from './pg-errors.js';
import { TableLoader } from './table-loader.js';
import { listPartitions, listTables, qualified, type Table } from './tables.js';

/**
 * Fills an empty, migrated database from a backup file, in one transaction: after an error it is as it was.
 * Throws BACKUP_UNUSABLE when the file is no backup, damaged, of another schema version, or the database holds rows
 * beyond those that its migrations made; NOT_FOUND when there is no such file; DISK_FULL, DATABASE_UNREACHABLE.
 */
export async function restore(database: Database, file: string, progress: OnProgress = () => undefined): Promise<void> {
  await reading(file, (source) => inTransaction(database, (client) => load(client, source, progress)));
}

/** What a backup says of itself. Throws BACKUP_UNUSABLE when the file is no backup; NOT_FOUND. */
export function readBackupHeader(file: string): Promise<BackupHeader> {
  return reading(file, (source) => headerOf(linesOf(source)));
}

async function reading<T>(file: string, work: (source: Readable) => Promise<T>): Promise<T> {
  const handle = await open(file).catch((error: unknown) => {
    throw readError(error, file);
  });
  const source = handle.createReadStream();
  try {
    return await work(source);
  } catch (error) {
    throw readError(error, file);
  } finally {
    source.destroy();
  }
}

function linesOf(source: Readable): AsyncGenerator<string> {
  const unzipped = createGunzip();
  source.once('error', (error) => unzipped.destroy(error));
  return splitLines(source.pipe(unzipped));
}

async function headerOf(lines: AsyncGenerator<string>): Promise<BackupHeader> {
  const first = await lines.next();
  return parseHeader(first.done ? '' : first.value);
}

async function inTransaction(database: Database, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await database.connectDirect();
  try {
    await client.query(`begin; ${EXACT_TEXT}`);
    await work(client);
    await client.query('commit');
  } finally {
    await client.end().catch(() => undefined); // ends an open transaction too
  }
}

async function load(client: Client, source: Readable, progress: OnProgress): Promise<void> {
  const lines = linesOf(source);
  const header = await headerOf(lines);
  await requireSameSchema(client, header);
  await requireEmpty(client);
  const constraints = await openForLoading(client);
  await createPartitions(client, header.partitions);
  await loadLines(client, lines, progress);
  for (const { table, name, definition } of constraints) {
    await client.query(`alter table ${qualified(table)} add constraint ${escapeIdentifier(name)} ${definition}`);
  }
  for (const table of await rootTables(client))
    await client.query(`alter table ${qualified(table)} enable trigger user`);
}

async function requireSameSchema(client: Client, header: BackupHeader): Promise<void> {
  const { rows } = await client.query<BackupHeader['schema'][number]>(
    'select number, sha256 from opsroom.migrations order by number',
  );
  if (version(rows) === version(header.schema)) return;
  const [theirs, ours] = [header.schema.at(-1)?.number, rows.at(-1)?.number];
  throw new OpsroomError('BACKUP_UNUSABLE', {
    what: `The backup has schema version ${theirs}, and this database ${ours}${theirs === ours ? ' in another form' : ''}.`,
    mend: 'Restore it with the version of Opsroom that wrote it, then upgrade.',
  });
}

const version = (schema: BackupHeader['schema']): string => schema.map((row) => `${row.number} ${row.sha256}`).join();

/** What a migration inserted carries the same transaction as the migration's own row; any other row is somebody's. */
async function requireEmpty(client: Client): Promise<void> {
  for (const { name } of await listTables(client)) {
    await client.query(`lock table ${qualified(name)} in access exclusive mode`);
    const foreign = await client.query(
      `select 1 from ${qualified(name)} t where not exists (select 1 from opsroom.migrations m where m.xmin = t.xmin) limit 1`,
    );
    if (foreign.rowCount === 0) continue;
    throw new OpsroomError('BACKUP_UNUSABLE', {
      what: `The database is not empty: ${name} has rows.`,
      mend: 'Restore into a new database, or a new directory with OPSROOM_HOME.',
    });
  }
}

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Tables come in no particular order, and append-only triggers refuse: both are put aside within the transaction. */
async function openForLoading(client: Client): Promise<Constraint[]> {
  const { rows } = await client.query<Constraint>(
    `select c.relname::text as table, k.conname::text as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = 'opsroom'::regnamespace and k.contype = 'f' and k.conparentid = 0`,
  );
  for (const { table, name } of rows) {
    await client.query(`alter table ${qualified(table)} drop constraint ${escapeIdentifier(name)}`);
  }
  const tables = await rootTables(client);
  for (const table of tables) await client.query(`alter table ${qualified(table)} disable trigger user`);
  await client.query(`truncate ${tables.map(qualified).join(', ')}`);
  return rows;
}

async function rootTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class
     where relnamespace = 'opsroom'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations'`,
  );
  return rows.map((row) => row.name);
}

async function createPartitions(client: Client, partitions: BackupHeader['partitions']): Promise<void> {
  const there = new Set((await listPartitions(client)).map((partition) => partition.name));
  for (const { name, parent, bound } of partitions) {
    if (there.has(name)) continue;
    await client.query(`create table ${qualified(name)} partition of ${qualified(parent)} ${bound}`);
  }
}

async function loadLines(client: Client, lines: AsyncIterable<string>, progress: OnProgress): Promise<void> {
  const tables = new Map((await listTables(client)).map((table) => [table.name, table]));
  let current: TableLoader | undefined;
  let [loaded, ended] = [0, false];
  for await (const line of lines) {
    const parsed = parseLine(line);
    if (ended) throw unusable('The backup is damaged: something follows its end.');
    if ('row' in parsed) {
      if (!current) throw unusable('The backup is damaged: a row belongs to no table.');
      await current.add(parsed.row);
    } else if ('table' in parsed.mark) {
      current = new TableLoader(client, knownTable(tables, parsed.mark), progress);
    } else if ('rows' in parsed.mark) {
      await current?.finish(parsed.mark);
      current = undefined;
      loaded += 1;
    } else if ('sequence' in parsed.mark) {
      await client.query(`alter sequence ${qualified(parsed.mark.sequence)} restart with ${nextValue(parsed.mark)}`);
    } else {
      ended = parsed.mark.end === loaded && current === undefined;
    }
  }
  if (!ended) throw unusable('The backup is cut off.');
}

/** The form of `last` is checked when the line is read. Restarted and not set: setval() would outlive a rollback. */
function nextValue({ last, called }: { last: string; called: boolean }): bigint {
  return called ? BigInt(last) + 1n : BigInt(last);
}

/** Only names that the catalogue has become part of a statement. */
function knownTable(tables: ReadonlyMap<string, Table>, mark: Extract<BackupMark, { table: string }>): Table {
  const table = tables.get(mark.table);
  const columns = table?.columns.map((column) => column.name).join();
  if (table && columns === mark.columns.join()) return table;
  throw unusable(`The backup is damaged: this database has no such table as ${mark.table}.`);
}

function readError(error: unknown, file: string): OpsroomError {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof OpsroomError) return error;
  if (code === 'ENOENT')
    return new OpsroomError('NOT_FOUND', {
      what: 'There is no such backup.',
      where: file,
      mend: 'Name a file that `opsroom backup` wrote.',
    });
  if (code.startsWith('Z_')) return unusable('The backup is damaged or cut off: it cannot be unpacked.', error);
  if (code === 'EISDIR' || code === 'EACCES') return unusable(`The backup cannot be read: ${(error as Error).message}`);
  // The content itself was refused: a value of the wrong type, a broken key.
  if (error instanceof DatabaseError && /^(22|23)/.test(error.code ?? '')) {
    return unusable(`The backup is damaged: ${error.message}.`, error);
  }
  return dbError(error);
}
