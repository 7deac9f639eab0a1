import type { Database } from '#db/database.js';
import type { Ports } from '#execute/ports.js';
import { type Clock, sleep } from '#kit/clock.js';
import { Leases } from './leases.js';
import { allCallRates, type StoredRate, takeTokens } from './store.js';

const REMEMBER_MS = 2000;

/**
 * Holds calls of tools back that an organisation has limited, over all workers together. Where nothing is limited a call costs a
 * look into a map. When the database cannot be asked, calls go on: their results could not be kept anyway.
 */
export function pacer({ engine }: Pick<Database, 'engine'>, clock: Clock): NonNullable<Ports['pace']> {
  const leases = new Leases(
    (name, most, rate) => takeTokens(engine, name, most, rate),
    () => clock.monotonicMs(),
  );
  let rates: ReadonlyMap<string, StoredRate> | undefined;
  let readAt = -Infinity;
  const read = async (): Promise<void> => {
    readAt = clock.monotonicMs();
    const all = await allCallRates(engine);
    rates = new Map(all.map(({ org, name, perSecond, burst }) => [`${org} ${name}`, { perSecond, burst }]));
  };
  const waitFor = async (name: string, signal: AbortSignal): Promise<void> => {
    if (rates === undefined) await read();
    const rate = rates?.get(name);
    if (!rate) return;
    while (!signal.aborted) {
      const waitMs = await leases.take(`call ${name}`, rate);
      if (waitMs === 0) return;
      await sleep(waitMs, signal);
    }
  };
  return (org, call, signal) => {
    if (clock.monotonicMs() - readAt > REMEMBER_MS) void read().catch(() => undefined);
    const names = limitsOf(call).map((name) => `${org} ${name}`);
    const limited = rates === undefined ? names : names.filter((name) => rates?.has(name));
    if (limited.length === 0) return undefined;
    return limited
      .reduce((before, name) => before.then(() => waitFor(name, signal)), Promise.resolve())
      .catch(() => undefined);
  };
}

/** The limits that count for a call: that of its tool, and that of the MCP server behind it. */
export function limitsOf(call: string): string[] {
  const [tool = '', server] = call.split(':');
  return tool === 'mcp' && server !== undefined ? ['tool:mcp', `mcp:${server}`] : [`tool:${tool}`];
}
