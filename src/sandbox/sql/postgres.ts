import { Client, Query, type QueryArrayConfig, types } from 'pg';
import type { JsonValue } from '#ir/json.js';
import { exactNumber, jsonSafe } from '../json-safe.js';
import { type Pinned, PinnedSocket } from '../pinned.js';
import { distinctNames, RowCollector, type SqlResult, type SqlSession, type SqlStatement } from './session.js';
import type { SqlTarget, TlsMode } from './target.js';

const CONNECT_MS = 10_000;
const CANCEL_MS = 2000;

/** What the server takes for a time limit; the call's own signal holds for longer ones. */
const LONGEST_MS = 2 ** 31 - 1;

/** Connects to PostgreSQL at the pinned address. */
export async function openPostgres(target: SqlTarget, pinned: Pinned, tls: TlsMode): Promise<SqlSession> {
  const client = await connect(target, pinned, tls);
  const pid = (client as unknown as { processID: number }).processID;
  return {
    begin: async (readOnly, timeoutMs) => {
      await client.query(readOnly ? 'BEGIN READ ONLY' : 'BEGIN');
      // Once a snapshot is taken the server refuses to make the transaction writable again; this query takes it.
      // The settings make the text of dates the same on every server; they end with the transaction.
      const text = `select set_config('statement_timeout', $1, true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)`;
      await client.query(text, [String(Math.min(timeoutMs, LONGEST_MS))]);
    },
    run: (statement) => runStatement(client, statement),
    commit: async () => void (await client.query('COMMIT')),
    rollback: async () => void (await client.query('ROLLBACK')),
    cancel: async () => {
      const second = await connect(target, pinned, tls, CANCEL_MS);
      await second.query('select pg_cancel_backend($1)', [pid]);
      await second.end();
    },
    close: () => destroy(client),
  };
}

async function connect(target: SqlTarget, pinned: Pinned, tls: TlsMode, timeoutMs = CONNECT_MS): Promise<Client> {
  const { host, port, user, database, password } = target;
  const client = new Client({
    host,
    port,
    user,
    database,
    // A function, because for an empty password pg would offer the room's own PGPASSWORD or ~/.pgpass to the server.
    password: () => password,
    ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verified' },
    stream: () => new PinnedSocket(pinned),
    connectionTimeoutMillis: timeoutMs,
    application_name: 'opsroom step',
  });
  // A connection that dies between two queries reports it here; the next query fails with it, too.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    destroy(client);
    throw error;
  }
}

/** `end()` would wait for the server; a cancelled or failed session is not worth that. */
function destroy(client: Client): void {
  (client as unknown as { connection: { stream: PinnedSocket } }).connection.stream.destroy();
}

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * The extended protocol takes exactly one statement, so `SELECT 1; COMMIT; DROP …` is a syntax error. Rows are counted as
 * they come; what exceeds the limit is not kept.
 */
function runStatement(client: Client, statement: SqlStatement): Promise<SqlResult> {
  const collector = new RowCollector(statement.maxRows);
  const config = {
    text: statement.query,
    values: [...statement.params],
    queryMode: 'extended',
    rowMode: 'array',
    types: { getTypeParser },
  };
  const query = client.query(new Query<unknown[]>(config as QueryArrayConfig));
  let names: string[] | undefined;
  return new Promise((resolve, reject) => {
    query.on('row', (row: unknown, result) => {
      names ??= distinctNames((result?.fields ?? []).map((field) => field.name));
      collector.add(names, (row as unknown[]).map(jsonSafe));
    });
    query.on('error', reject);
    query.on('end', (result) => {
      const columns: Column[] = result.fields ?? [];
      const fields = distinctNames(columns.map((c) => c.name)).map((name, i) => ({
        name,
        type: String(columns[i]?.dataTypeID),
      }));
      const { rows, truncated } = collector;
      resolve({ rows, fields, truncated, rowCount: columns.length > 0 ? rows.length : (result.rowCount ?? 0) });
    });
  });
}

const isoTimestamp = (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
const number = (text: string) => exactNumber(text);

/** By type OID; a type that is not listed stays the server's text (interval, inet, point, ranges, enums). */
const PARSERS: Readonly<Record<number, (text: string) => JsonValue>> = {
  16: (text) => text === 't',
  17: (text) => Buffer.from(text.slice(2), 'hex').toString('base64'),
  20: number,
  21: number,
  23: number,
  26: number,
  700: (text) => jsonSafe(Number(text)),
  701: (text) => jsonSafe(Number(text)),
  1700: number,
  114: (text) => JSON.parse(text) as JsonValue,
  3802: (text) => JSON.parse(text) as JsonValue,
  1114: isoTimestamp,
  1184: isoTimestamp,
};

/** Arrays of bool, integers, floats, text, uuid and json are parsed by pg; arrays of anything else stay text. */
const ARRAYS: ReadonlySet<number> = new Set([199, 1000, 1005, 1007, 1009, 1015, 1021, 1022, 2951, 3807]);

/** @types/pg knows only the ids of built-in types; a server may send any. */
interface TextTypes {
  getTypeParser(oid: number, format: 'text'): (text: string) => unknown;
}

function getTypeParser(oid: number): (text: string) => JsonValue {
  const own = PARSERS[oid];
  if (own) return own;
  const array = ARRAYS.has(oid) ? (types as unknown as TextTypes).getTypeParser(oid, 'text') : undefined;
  return array ? (text) => jsonSafe(array(text)) : (text) => text;
}
