import { setTimeout as pause } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { OpsroomError } from '#kit/errors.js';
import { type Cluster, DATABASE, dataOf, ENGINE_ROLE, ensureCluster, type Passwords, SUPERUSER } from './cluster.js';
import { openHome } from './home.js';
import type { Log } from './log.js';
import { existingCluster, placeCluster } from './place.js';
import { findPostmaster, hasPidFile } from './postmaster.js';
import { ensureServer, HOST, stopServer } from './server.js';

/** The embedded PostgreSQL of one data directory, as one user of it among several processes. */
export interface Embedded {
  /** Connection string of the engine's role: owns the database, is no superuser. */
  readonly url: string;
  /** Connection string of the superuser, for the tests' harness only. */
  readonly superuserUrl: string;
  /** Leaves; the last user to leave stops PostgreSQL. */
  close(): Promise<void>;
  /** Stops PostgreSQL whoever uses it, and leaves. */
  stop(): Promise<void>;
}

/** Users hold this advisory lock shared, each on a connection of its own; who gets it exclusively is the last one. */
const USERS = [7_000, 1] as const;
const JOIN_ATTEMPTS = 100;
const RETRY_MS = 50;

/**
 * Joins the embedded PostgreSQL of `home`, starting or adopting it. While joined, a server that dies is started again
 * on the same port. Throws PLATFORM_UNSUPPORTED, DATA_DIR_NEWER, DATA_DIR_IN_USE, DISK_FULL.
 *
 * @param begun is called once a program of PostgreSQL is at work, or it runs already
 */
export async function openEmbedded(home: string, log: Log, begun?: () => void): Promise<Embedded> {
  const cluster = await placeCluster(await openHome(home));
  const passwords = await ensureCluster(cluster, begun);
  const membership = new Membership(cluster, passwords, log);
  const port = await membership.join(begun);
  return {
    url: urlOf(ENGINE_ROLE, passwords.engine, port),
    superuserUrl: urlOf(SUPERUSER, passwords.superuser, port),
    close: () => membership.leave(),
    stop: async () => {
      await membership.leave();
      await stopServer(cluster);
    },
  };
}

/** Whether a data directory has a cluster, and whether it runs. Starts and changes nothing. */
export async function embeddedState(home: string): Promise<'absent' | 'stopped' | 'running'> {
  const folder = await existingCluster(home);
  if (folder === undefined) return 'absent';
  return (await findPostmaster(dataOf({ folder }))) ? 'running' : 'stopped';
}

const urlOf = (role: string, password: string, port: number): string =>
  `postgres://${role}:${password}@${HOST}:${port}/${DATABASE}`;

/** Holds the shared lock, and takes it anew when the connection is lost and nobody meant the server to stop. */
class Membership {
  private client: Client | undefined;
  private left = false;
  private rejoining: Promise<void> = Promise.resolve();

  constructor(
    private readonly cluster: Cluster,
    private readonly passwords: Passwords,
    private readonly log: Log,
  ) {}

  /** Resolves with the port. A server that is just being stopped by its last user is waited out. */
  async join(begun?: () => void): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const { port } = await ensureServer(this.cluster, begun);
      try {
        this.client = await this.takeLock(port);
        return port;
      } catch (cause) {
        if (attempt === JOIN_ATTEMPTS || !passes(cause)) throw inUse(this.cluster, cause);
        await pause(RETRY_MS);
      }
    }
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    await this.rejoining;
    const client = this.client;
    if (!client) return;
    const last = await this.isLast(client).catch(() => false); // the server is gone already: nothing to stop
    if (last) await stopServer(this.cluster);
    await client.end().catch(() => undefined);
  }

  private async takeLock(port: number): Promise<Client> {
    const client = new Client({
      connectionString: urlOf(ENGINE_ROLE, this.passwords.engine, port),
      application_name: 'opsroom user',
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', (error) => this.log.debug({ err: error }, 'the connection that keeps PostgreSQL up failed'));
    client.once('end', () => this.lost(client));
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1, $2)', [...USERS]);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  private lost(client: Client): void {
    if (this.left || client !== this.client) return;
    this.client = undefined;
    this.rejoining = this.rejoin().catch((error: unknown) => {
      this.log.error({ err: error }, 'the embedded PostgreSQL could not be started again');
    });
  }

  /** A deliberate stop takes the pid file along; a crash leaves it, or the server recovers under the same number. */
  private async rejoin(): Promise<void> {
    if (await stoppedDeliberately(this.cluster)) {
      this.log.warn({}, 'the embedded PostgreSQL was stopped');
      return;
    }
    if (this.left) return;
    this.log.warn({}, 'the embedded PostgreSQL died; starting it again');
    await this.join();
  }

  private async isLast(client: Client): Promise<boolean> {
    await client.query('select pg_advisory_unlock_shared($1, $2)', [...USERS]);
    const answer = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [...USERS]);
    return answer.rows[0]?.got === true;
  }
}

async function stoppedDeliberately(cluster: Cluster): Promise<boolean> {
  while ((await findPostmaster(dataOf(cluster)))?.status === 'stopping') await pause(RETRY_MS);
  return !(await hasPidFile(dataOf(cluster)));
}

/** Errors of a server that comes or goes: refused or broken connections, and the shutdown classes 57P and 08. */
function passes(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return !(error instanceof DatabaseError) || /^(57P|08|53300)/.test(code);
}

function inUse(cluster: Cluster, cause: unknown): OpsroomError {
  const what = `The embedded database does not admit us: ${(cause as Error).message}`;
  return new OpsroomError('DATA_DIR_IN_USE', { what, where: cluster.folder, cause });
}
