import type { Database } from '#db/database.js';
import type { Held, Ports, Waiter } from '#execute/ports.js';
import { type Clock, sleep } from '#kit/clock.js';
import { isSameRate, Leases } from './leases.js';
import { allCallRates, type StoredRate, takeTokens } from './store.js';

const REMEMBER_MS = 2000;
/** A shorter wait is not worth a word. */
const TOLD_MS = 250;
/** Whoever waits on is told so again this long after the time that was told. */
const TOLD_AGAIN_MS = 5000;

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
  const readAnew = (): void => {
    if (clock.monotonicMs() - readAt > REMEMBER_MS) void read().catch(() => undefined);
  };
  const waitFor = async (name: string, waiter: Waiter): Promise<void> => {
    if (rates === undefined) await read();
    const teller = new Teller(name.slice(name.indexOf(' ') + 1), waiter);
    while (!waiter.signal.aborted) {
      const rate = rates?.get(name);
      const waitMs = rate ? await leases.take(`call ${name}`, rate) : 0;
      if (!rate || waitMs === 0) return teller.goesOn();
      teller.waits(rate, waitMs, clock.now().getTime());
      // Somebody may have set another rate meanwhile, or taken it away.
      await sleep(Math.min(waitMs, REMEMBER_MS), waiter.signal);
      readAnew();
    }
  };
  return (org, call, waiter) => {
    readAnew();
    const names = limitsOf(call).map((name) => `${org} ${name}`);
    const limited = rates === undefined ? names : names.filter((name) => rates?.has(name));
    if (limited.length === 0) return undefined;
    return limited
      .reduce((before, name) => before.then(() => waitFor(name, waiter)), Promise.resolve())
      .catch(() => undefined);
  };
}

/** Tells a waiter in few words: one for a wait that matters, another when it takes longer or goes by another rate, one when it is over. */
class Teller {
  private beganMs: number | undefined;
  private told: { readonly rate: StoredRate; readonly untilMs: number } | undefined;

  constructor(
    private readonly limit: string,
    private readonly waiter: Waiter,
  ) {}

  waits(rate: StoredRate, waitMs: number, nowMs: number): void {
    this.beganMs ??= nowMs;
    const untilMs = nowMs + waitMs;
    if (!this.matters(rate, untilMs - this.beganMs, nowMs)) return;
    this.told = { rate, untilMs };
    const { perSecond, burst } = rate;
    const held: Held = { limit: this.limit, perSecond, burst, until: new Date(untilMs).toISOString() };
    this.waiter.held(held);
  }

  private matters(rate: StoredRate, waitsMs: number, nowMs: number): boolean {
    if (this.told === undefined) return waitsMs >= TOLD_MS;
    return !isSameRate(this.told.rate, rate) || nowMs - this.told.untilMs >= TOLD_AGAIN_MS;
  }

  goesOn(): void {
    if (this.told !== undefined) this.waiter.held(null);
  }
}

/** The limits that count for a call: that of its tool, and that of the MCP server behind it. */
export function limitsOf(call: string): string[] {
  const [tool = '', server] = call.split(':');
  return tool === 'mcp' && server !== undefined ? ['tool:mcp', `mcp:${server}`] : [`tool:${tool}`];
}
