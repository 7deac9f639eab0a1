import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#db/database.js';
import { projectFolder } from '#db/home.js';
import { migrate } from '#db/migrate.js';
import { type LogStore, openLogs } from '#execute/logs/logs.js';
import { Worker } from '#execute/worker.js';
import { RepositoryNews } from '#integrations/github/news.js';
import { systemClock } from '#kit/clock.js';
import type { Config } from '#kit/config.js';
import type { Logger } from '#observe/log.js';
import type { Mask } from '#observe/redact.js';
import { appendAudit } from '#record/audit-store.js';
import { loadOrCreateSigningKey } from '#record/keys.js';
import { KILL_ALL, startKeeper } from '#sandbox/keeper.js';
import { limitsFrom } from '#sandbox/limits.js';
import { fileSecrets } from '#secrets/file.js';
import { type RefusedSending, RoomSecrets } from '#secrets/room-secrets.js';
import { combineSecrets, environmentSecrets } from '#secrets/source.js';
import { Vault } from '#secrets/vault.js';
import { CallRecorder } from './audit/recorder.js';
import { type Base, closeBase, openBase } from './base.js';
import { builtIn } from './contracts.js';
import { McpDesk } from './mcp/desk.js';
import { mcpPorts } from './mcp/ports.js';
import { McpSignIns } from './mcp/sign-ins.js';
import { openModels } from './models/models.js';
import { inOrganisation } from './organisations/choose.js';
import { asMachine } from './people/machine.js';
import { roomPolicies } from './policies/room-policies.js';
import { enginePorts } from './ports.js';
import { LOCAL_ORG, type Room } from './room.js';
import { VERSION } from './version.js';

export interface OpenRoom {
  readonly room: Room;
  /** Starts a worker in this process. `own`: it takes only what it is handed. */
  startWorker(takes: 'all' | 'own', options?: { runs?: number }): Promise<Worker>;
  /** Connection string of the tables' owner, for another process on this machine. */
  readonly url: string;
  /** Whether the database is our own, of this machine. */
  readonly embedded: boolean;
  /** Gives plans that run in this process a secret; kept in memory only. Returns how to take it back. */
  lendSecret(name: string, value: string): () => void;
  /** Leaves the data directory; the last one to leave stops the embedded database. */
  close(): Promise<void>;
  /** Stops the embedded database whoever uses it. */
  stopDatabase(): Promise<void>;
}

const RUNS_AT_ONCE = 16;
const STEPS_AT_ONCE = 64;
/** Where a server of this room listens unless it was told otherwise. */
const USUAL_URL = 'http://127.0.0.1:4310';

/**
 * Opens the room that belongs to a folder: its data directory, its database (embedded unless one is named), migrated,
 * with every tool and verifier at hand. The one place where stages meet.
 *
 * @param learn is told what else the log must mask from now on
 */
export async function openRoom(
  config: Config,
  cwd: string,
  log: Logger,
  learn: Learn = () => undefined,
): Promise<OpenRoom> {
  return openRoomOver(await openBase(config, cwd, log), { config, cwd, log, learn });
}

/** How a room is opened over what it stands on. */
export interface Opening {
  readonly config: Config;
  readonly cwd: string;
  readonly log: Logger;
  readonly learn: Learn;
}

/** As `openRoom`, over a base that is open already, and closes it when that fails. */
export async function openRoomOver(base: Base, opening: Opening): Promise<OpenRoom> {
  try {
    await migrate(base.database);
    const open = await assemble({ ...base, ...opening });
    return { ...open, room: await asMachine(await inOrganisation(open.room, opening.config.organisation)) };
  } catch (error) {
    await closeBase(base);
    throw error;
  }
}

interface Opened extends Base, Opening {}

/** Told of each new mask over the secrets of an organisation. */
type Learn = (org: string, mask: Mask) => void;

async function assemble(opened: Opened): Promise<OpenRoom> {
  const { config, home, url, directUrl, database, embedded, log, learn } = opened;
  await mkdir(join(home, 'keys'), { recursive: true, mode: 0o700 });
  const key = await loadOrCreateSigningKey(join(home, 'keys'));
  const keeper = startKeeper({ graceMs: Math.min(3000, config.leaseMs / 5) });
  const lent = new Map<string, string>();
  const vault = new Vault({ folder: join(home, 'keys'), variable: config.vaultKey });
  const secrets = new RoomSecrets({
    vault,
    database,
    environment: combineSecrets([environmentSecrets(lent), environmentSecrets(config.secrets)]),
    file: fileSecrets(join(home, 'secrets.env')),
    own: LOCAL_ORG,
    clock: systemClock,
    learn,
    refused: (org, sending) => noteRefusal(database, org, sending),
  });
  const confined = { keeper, hidden: [home], limits: limitsFrom(config.stepLimits) };
  const project = projectFolder(home, opened.cwd);
  const news = new RepositoryNews();
  const { publicUrl } = config.signIn;
  const runPage = (id: string) => (publicUrl === undefined ? undefined : `${publicUrl}/runs/${id}`);
  const signIns = new McpSignIns({ database, vault, clock: systemClock, learn: (org) => secrets.forget(org) });
  const mcp = mcpPorts(database, { secrets: (org, target) => secrets.of(org, target), signIns, version: VERSION, log });
  const { tools, kinds, contracts } = builtIn({ ...confined, project, mcp, news, runPage });
  const ports = enginePorts({ config, database, home, key, version: VERSION, secrets, tools, kinds });
  const by = `user:${userName()}@${config.host}`;
  const room: Room = {
    org: LOCAL_ORG,
    by,
    principal: { kind: 'machine', by },
    origin: { door: 'cli' },
    host: config.host,
    home,
    project,
    version: VERSION,
    url: () => config.signIn.publicUrl ?? USUAL_URL,
    database,
    ports,
    contracts: { ...contracts, grounds: { project } },
    kinds,
    key,
    mcp: new McpDesk({ database, ports, options: confined, version: VERSION, signIns }),
    mcpSignIns: signIns,
    policies: roomPolicies({ home, named: config.policies }, database, { clock: ports.clock, host: config.host }),
    models: openModels(config),
    vault,
    secrets,
    news,
    calls: new CallRecorder(database, ports.clock, log),
    log,
  };
  let logs: LogStore | undefined;
  return {
    room,
    url,
    embedded: embedded !== undefined,
    lendSecret: (name, value) => {
      lent.set(name, value);
      return () => lent.delete(name);
    },
    startWorker: (takes, options = {}) => {
      logs ??= openLogs(database.pool({ name: 'logs', max: 2, synchronousCommit: 'off' }));
      const { host, leaseMs } = config;
      const runs = options.runs ?? RUNS_AT_ONCE;
      return Worker.start({
        database,
        directUrl,
        ports,
        logs,
        log,
        host,
        takes,
        runs,
        parallel: STEPS_AT_ONCE,
        leaseMs,
        logDays: config.logDays,
        keeper: { fd: keeper.fd, killAll: KILL_ALL },
      });
    },
    close: async () => {
      await logs?.close();
      await room.calls.close();
      keeper.close();
      await database.close();
      await embedded?.close();
    },
    stopDatabase: async () => {
      await database.close();
      await embedded?.stop();
    },
  };
}

/** The engine asks; whoever started the run is in the log of the run. */
async function noteRefusal(database: Database, org: string, sending: RefusedSending): Promise<void> {
  const at = systemClock.now().toISOString();
  const fact = { at, kind: 'secret.refused', actor: 'opsroom', data: { ...sending } };
  await database.engineTx((tx) => appendAudit(tx, org, [fact]));
}

/** A container may run under a number that no account has. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
