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
  return (org, tool, signal) => {
    if (clock.monotonicMs() - readAt > REMEMBER_MS) void read().catch(() => undefined);
    const name = `${org} tool:${tool}`;
    return rates === undefined || rates.has(name) ? waitFor(name, signal).catch(() => undefined) : undefined;
  };
}
