import { Pool } from 'pg';
import { openDatabase } from '#db/database.js';
import type { Tool } from '#ir/calls.js';
import type { McpConnection, McpToolDefinition } from '#ir/mcp.js';
import { systemClock } from '#kit/clock.js';
import { testEngine } from '../harness/engine.js';
import { effectMade, faultTools } from './tools.js';

export interface MemberOptions {
  /** The engine's connections; may lead through a proxy. */
  readonly url: string;
  /** Where effects are recorded. */
  readonly effectsUrl: string;
  readonly keys: string;
  readonly host: string;
  readonly leaseMs: number;
  /** The process kills itself the nth time this failpoint is passed. */
  readonly kill?: { readonly at: string; readonly nth: number };
  /** Added to the wall clock from a second after the start. */
  readonly clockJumpMs?: number;
  /** The MCP server whose tools its runs call. */
  readonly mcp?: { readonly connection: McpConnection; readonly definitions: readonly McpToolDefinition[] };
}

/** Works as a worker, to be killed, stopped and cut off: prints "ready" once it takes work; on SIGTERM it drains. */
export async function work(
  options: MemberOptions,
  more: (failpoint: (name: string) => void) => readonly Tool[] = () => [],
): Promise<void> {
  const passed = new Map<string, number>();
  const started = performance.now();

  function failpoint(name: string): void {
    const count = (passed.get(name) ?? 0) + 1;
    passed.set(name, count);
    if (options.kill?.at === name && options.kill.nth === count) process.kill(process.pid, 'SIGKILL');
  }

  function now(): Date {
    const jump = performance.now() - started > 1000 ? (options.clockJumpMs ?? 0) : 0;
    return new Date(systemClock.now().getTime() + jump);
  }

  const effects = new Pool({
    connectionString: options.effectsUrl,
    max: 4,
    query_timeout: 5000,
    connectionTimeoutMillis: 5000,
  });
  effects.on('error', () => undefined);
  const database = openDatabase({
    url: options.url,
    applicationName: `faults ${process.pid}`,
    queryTimeoutMs: options.leaseMs,
  });
  const engine = await testEngine(database, options.url, {
    tools: [...faultTools(effects, failpoint), ...more(failpoint)],
    verifier: effectMade(effects),
    keys: options.keys,
    ports: { failpoint, clock: { ...systemClock, now } },
  });
  const worker = await engine.worker({
    host: options.host,
    leaseMs: options.leaseMs,
    ports: {
      ...engine.ports,
      seal: async (org, run) => {
        failpoint('seal:before');
        await engine.ports.seal(org, run);
        failpoint('seal:after');
      },
    },
  });
  process.once('SIGTERM', () => void worker.drain(2000).then(() => process.exit(0)));
  process.stdout.write('ready\n');
}
