import type { McpConnection } from '#ir/mcp.js';
import type { IsolationLevel } from '#ir/plan.js';
import { ISOLATION_LEVELS } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { Isolation } from '#sandbox/isolation.js';
import type { Keeper } from '#sandbox/keeper.js';
import type { Limits } from '#sandbox/limits.js';
import { USUAL_LIMITS } from '#sandbox/limits.js';
import { safeUrl } from '#sandbox/urls.js';
import { PATH } from '../shell/command.js';
import type { McpReach } from './connection.js';
import type { Bearer } from './ports.js';

/** What a server that is a program may use and see. */
export interface ProgramOptions {
  readonly keeper?: Keeper;
  /** Absolute paths (the data directory) that an isolated one must not see. */
  readonly hidden?: readonly string[];
  readonly limits?: Limits;
}

/** Where a server is spoken to from. */
export interface Ground {
  /**
   * Absolute; the folder that a program starts in. Empty, and the server's own: launchers such as npx run code and heed settings
   * that they find where they start.
   */
  readonly folder: string;
  /** A home of its own, for one that cannot see the user's. Absolute. */
  readonly home: string;
  /** The environment that programs start from. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; where an isolated program may write beside its own folders. */
  readonly workspace?: string;
  readonly isolation: Pick<Isolation, 'level' | 'network'>;
  readonly allowAddresses: readonly string[];
  /** Of a server at an address, where somebody has signed in. */
  readonly bearer?: Bearer | undefined;
}

/** Of two demands on isolation, both. */
export function stronger<I extends { level: IsolationLevel; network: boolean }>(one: I, other: I): I {
  const level = ISOLATION_LEVELS.indexOf(one.level) >= ISOLATION_LEVELS.indexOf(other.level) ? one.level : other.level;
  return { ...one, level, network: one.network && other.network };
}

/** Says of which call it was; a server outlives the one that it was started for. */
const OF_ONE_CALL: ReadonlySet<string> = new Set(['OPSROOM_STEP_ID', 'OPSROOM_ATTEMPT', 'OPSROOM_IDEMPOTENCY_KEY']);

/**
 * How a server is reached from here, its secrets in place.
 * @throws OpsroomError ADDRESS_REFUSED; MCP_FAILED for headers that HTTP cannot carry
 */
export function reachOf(connection: McpConnection, ground: Ground, options: ProgramOptions): McpReach {
  if (connection.transport !== 'stdio') {
    safeUrl(connection.url, { schemes: { 'http:': 80, 'https:': 443 } });
    requireHeaders(connection.headers);
    const allowAddresses = [...ground.allowAddresses, ...connection.allowAddresses];
    return { kind: 'remote', connection, allowAddresses, bearer: ground.bearer };
  }
  const { folder, home, workspace, isolation } = ground;
  const own = isolation.level === 'none' ? {} : { HOME: home, TMPDIR: '/tmp' };
  const given = Object.entries(ground.env).filter(([name]) => !OF_ONE_CALL.has(name));
  return {
    kind: 'stdio',
    launch: {
      argv: [connection.command, ...connection.args],
      cwd: folder,
      env: { PATH, LANG: 'C.UTF-8', HOME: home, ...Object.fromEntries(given), ...own, ...connection.env },
      isolation: {
        ...isolation,
        writable: [folder, home, ...(workspace === undefined ? [] : [workspace])],
        hidden: options.hidden ?? [],
      },
      limits: options.limits ?? USUAL_LIMITS,
      ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
    },
  };
}

/** A secret may hold what no header can. Its value is in no message. */
function requireHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    throw new OpsroomError('MCP_FAILED', { what: `The header ${name} has a value that HTTP cannot carry.` });
  }
}
