import { type Connection, createConnection, type FieldPacket } from 'mysql2';
import type { JsonValue } from '#ir/json.js';
import { jsonSafe } from '../json-safe.js';
import { type Pinned, PinnedSocket } from '../pinned.js';
import { distinctNames, RowCollector, type SqlResult, type SqlSession, type SqlStatement } from './session.js';
import type { SqlTarget, TlsMode } from './target.js';

const CONNECT_MS = 10_000;
const CANCEL_MS = 2000;

/** Connects to MySQL or MariaDB at the pinned address. The caller's deadline, with `cancel`, is the statement's time limit. */
export async function openMysql(target: SqlTarget, pinned: Pinned, tls: TlsMode): Promise<SqlSession> {
  const connection = await connect(target, pinned, tls, CONNECT_MS);
  return {
    begin: async (readOnly) => {
      await plain(connection, "SET time_zone = '+00:00'");
      // For the session, too: a transaction that the statement itself might open is then read-only as well.
      if (readOnly) await plain(connection, 'SET SESSION TRANSACTION READ ONLY');
      await plain(connection, readOnly ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION');
    },
    run: (statement) => runStatement(connection, statement),
    commit: () => plain(connection, 'COMMIT'),
    rollback: () => plain(connection, 'ROLLBACK'),
    cancel: async () => {
      const second = await connect(target, pinned, tls, CANCEL_MS);
      await plain(second, `KILL QUERY ${connection.threadId}`).finally(() => second.destroy());
    },
    close: () => connection.destroy(),
  };
}

function connect(target: SqlTarget, pinned: Pinned, tls: TlsMode, timeoutMs: number): Promise<Connection> {
  const { host, port, user, database, password } = target;
  const connection = createConnection({
    host,
    port,
    user,
    database,
    password,
    ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verified', verifyIdentity: tls === 'verified' } }),
    stream: () => new PinnedSocket(pinned).connect(),
    connectTimeout: timeoutMs,
    multipleStatements: false,
    // A hostile server could ask for any local file with LOAD DATA LOCAL.
    flags: ['-LOCAL_FILES'],
    // The driver otherwise compiles row parsers from column names, which the server chooses.
    disableEval: true,
    supportBigNumbers: true,
    dateStrings: true,
    rowsAsArray: true,
    jsonStrings: false,
  });
  return new Promise((resolve, reject) => {
    connection.on('error', () => {});
    connection.connect((error) => {
      if (!error) return resolve(connection);
      connection.destroy();
      reject(error);
    });
  });
}

function plain(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}

/** The binary protocol prepares exactly one statement; rows are counted as they come, so that a huge result fills no memory. */
function runStatement(connection: Connection, statement: SqlStatement): Promise<SqlResult> {
  const collector = new RowCollector(statement.maxRows);
  const command = connection.execute(statement.query, statement.params.map(asParameter));
  let fields: FieldPacket[] = [];
  let names: string[] = [];
  let affected = 0;
  return new Promise((resolve, reject) => {
    command.on('fields', (found: FieldPacket[] | undefined) => {
      fields = found ?? [];
      names = distinctNames(fields.map((field) => field.name));
    });
    command.on('result', (row: unknown) => {
      if (Array.isArray(row))
        collector.add(
          names,
          row.map((value, i) => toJson(value, fields[i])),
        );
      else affected = (row as { affectedRows?: number }).affectedRows ?? 0;
    });
    command.on('error', reject);
    command.on('end', () => {
      const { rows, truncated } = collector;
      const described = names.map((name, i) => ({ name, type: String(fields[i]?.columnType ?? fields[i]?.type) }));
      resolve({ rows, truncated, fields: described, rowCount: fields.length > 0 ? rows.length : affected });
    });
  });
}

/** Prepared statements take scalars only; lists and objects travel as JSON text. */
function asParameter(value: JsonValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

const TIMESTAMP = 7;
const DATETIME = 12;

/** The session runs in UTC, so a TIMESTAMP is an instant; a DATETIME has no zone and gets none. */
function toJson(value: unknown, field: FieldPacket | undefined): JsonValue {
  const type = field?.columnType ?? field?.type;
  if (typeof value === 'string' && type === TIMESTAMP) return `${value.replace(' ', 'T')}Z`;
  if (typeof value === 'string' && type === DATETIME) return value.replace(' ', 'T');
  return jsonSafe(value);
}
