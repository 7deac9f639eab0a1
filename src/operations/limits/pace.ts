import type { Database } from '#db/database.js';
import type { Held, Ports, Waiter } from '#execute/ports.js';
import { type Clock, sleep } from '#kit/clock.js';
import { Leases } from './leases.js';
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
  const waitFor = async (name: string, waiter: Waiter): Promise<void> => {
    if (rates === undefined) await read();
    const rate = rates?.get(name);
    if (!rate) return;
    const teller = new Teller(name.slice(name.indexOf(' ') + 1), rate, waiter);
    while (!waiter.signal.aborted) {
      const waitMs = await leases.take(`call ${name}`, rate);
      if (waitMs === 0) return teller.goesOn();
      teller.waits(waitMs, clock.now().getTime());
      await sleep(waitMs, waiter.signal);
    }
  };
  return (org, call, waiter) => {
    if (clock.monotonicMs() - readAt > REMEMBER_MS) void read().catch(() => undefined);
    const names = limitsOf(call).map((name) => `${org} ${name}`);
    const limited = rates === undefined ? names : names.filter((name) => rates?.has(name));
    if (limited.length === 0) return undefined;
    return limited
      .reduce((before, name) => before.then(() => waitFor(name, waiter)), Promise.resolve())
      .catch(() => undefined);
  };
}

/** Tells a waiter in few words: one for a wait that matters, another when it takes longer, one when it is over. */
class Teller {
  private beganMs: number | undefined;
  private toldUntilMs: number | undefined;

  constructor(
    private readonly limit: string,
    private readonly rate: StoredRate,
    private readonly waiter: Waiter,
  ) {}

  waits(waitMs: number, nowMs: number): void {
    this.beganMs ??= nowMs;
    const untilMs = nowMs + waitMs;
    const matters =
      this.toldUntilMs === undefined ? untilMs - this.beganMs >= TOLD_MS : nowMs - this.toldUntilMs >= TOLD_AGAIN_MS;
    if (!matters) return;
    this.toldUntilMs = untilMs;
    const { perSecond, burst } = this.rate;
    const held: Held = { limit: this.limit, perSecond, burst, until: new Date(untilMs).toISOString() };
    this.waiter.held(held);
  }

  goesOn(): void {
    if (this.toldUntilMs !== undefined) this.waiter.held(null);
  }
}

/** The limits that count for a call: that of its tool, and that of the MCP server behind it. */
export function limitsOf(call: string): string[] {
  const [tool = '', server] = call.split(':');
  return tool === 'mcp' && server !== undefined ? ['tool:mcp', `mcp:${server}`] : [`tool:${tool}`];
}
