import { Client, type ClientConfig, Pool, type PoolClient, type PoolConfig } from 'pg';
import { OpsroomError } from '#kit/errors.js';
import type { Log } from './log.js';
import { columnTypes } from './types.js';

export interface DatabaseOptions {
  /** Connection string of the tables' owner; may lead to a pooler. */
  readonly url: string;
  /** A direct connection, for LISTEN and session settings; defaults to `url`. */
  readonly directUrl?: string | undefined;
  readonly applicationName: string;
  /** Connections of the engine's pool; default 10. */
  readonly max?: number;
  /** See `QUERY_TIMEOUT_MS`. */
  readonly queryTimeoutMs?: number;
  readonly log?: Log;
}

export interface ExtraPool {
  /** Joined to the application's name in pg_stat_activity. */
  readonly name: string;
  readonly max: number;
  /** 'off' may lose the last moments in a crash of the server: for logs and hints, never for the ledger. */
  readonly synchronousCommit?: 'on' | 'off';
  /** Default: that of the database. */
  readonly queryTimeoutMs?: number;
}

/** The connections of one process. Nothing here retries: an unknown outcome is the caller's to resolve. */
export interface Database {
  /** As the tables' owner: row-level security does not hold here, so each statement names its organisation. */
  readonly engine: Pool;
  /** One transaction as the ordinary role, confined to `org` by row-level security. */
  door<T>(org: string, work: (tx: PoolClient) => Promise<T>): Promise<T>;
  /** One transaction as the tables' owner. */
  engineTx<T>(work: (tx: PoolClient) => Promise<T>): Promise<T>;
  /** A connected client past any pooler; the caller ends it. */
  connectDirect(): Promise<Client>;
  /** Another pool, closed with the rest unless the caller ends it before. */
  pool(options: ExtraPool): Pool;
  close(): Promise<void>;
}

/**
 * After this long a pool's statement counts as lost and its connection is dropped: a connection that fell silent (a firewall
 * forgot it, the far side lost power) would otherwise hold its caller for hours. What takes longer goes by `connectDirect`.
 */
const QUERY_TIMEOUT_MS = 60_000;

/** The role that every door takes on; made by migration 1. */
export const DOOR_ROLE = 'opsroom_door';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Opens lazily: nothing connects until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const pools = new Set<Pool>();
  const open = (config: PoolConfig): Pool => {
    const limit = { query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS };
    const pool = new Pool({ ...connection(options, options.url), ...limit, ...config });
    surviveErrors(pool, options.log);
    for (const known of pools) if (known.ending) pools.delete(known);
    pools.add(pool);
    return pool;
  };
  const engine = open({ max: options.max ?? 10 });
  return {
    engine,
    door: async (org, work) => transaction(engine, doorPrologue(org), work),
    engineTx: (work) => transaction(engine, 'begin', work),
    connectDirect: () => connectDirect(options),
    pool: (extra) => open(extraConfig(options, extra)),
    close: async () => {
      await Promise.all([...pools].filter((pool) => !pool.ending).map((pool) => pool.end()));
    },
  };
}

function connection(options: DatabaseOptions, url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: columnTypes,
  };
}

/** Session settings do not survive a pooler, so a pool that has one goes past it. */
function extraConfig(options: DatabaseOptions, extra: ExtraPool): PoolConfig {
  const named = {
    max: extra.max,
    application_name: `${options.applicationName} ${extra.name}`,
    ...(extra.queryTimeoutMs === undefined ? {} : { query_timeout: extra.queryTimeoutMs }),
  };
  if (extra.synchronousCommit !== 'off') return named;
  return { ...named, connectionString: options.directUrl ?? options.url, options: '-c synchronous_commit=off' };
}

/** Both listeners are needed: the pool's hears idle clients only, and an error without a listener ends the process. */
function surviveErrors(pool: Pool, log: Log | undefined): void {
  const note = (error: Error) => log?.warn({ err: error }, 'a database connection was lost');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
}

async function connectDirect(options: DatabaseOptions): Promise<Client> {
  const client = new Client(connection(options, options.directUrl ?? options.url));
  client.on('error', (error) => options.log?.warn({ err: error }, 'a direct database connection was lost'));
  await client.connect();
  return client;
}

/** One message, one round trip; `local` settings end with the transaction, also behind a pooler. */
function doorPrologue(org: string): string {
  if (!UUID.test(org)) throw new OpsroomError('USAGE', { what: 'The organisation is not a UUID.', where: org });
  return `begin; set local role ${DOOR_ROLE}; set local opsroom.org_id = '${org}'`;
}

async function transaction<T>(pool: Pool, prologue: string, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(prologue);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken); // a client that could not roll back is closed, never reused
  }
}
