import type { StoredRate, Taken } from './store.js';

interface Lease {
  tokens: number;
  /** Nobody asks before, as long as the rate is the one by which that was reckoned. */
  untilMs: number;
  by: StoredRate | undefined;
  asking: Promise<void> | undefined;
}

/** A part of the second's worth of tokens: so often, at most, does a process ask the database. */
const PART = 10;
const MOST_KNOWN = 10_000;

/**
 * Token buckets that processes share through the database. A process takes a tenth of a second's tokens at a time and spends them
 * by itself, so that a request costs no round trip: what it holds unspent is the most by which all of them together may pass the
 * rate. Those that nobody asked for longest are forgotten.
 */
export class Leases {
  private readonly known = new Map<string, Lease>();

  constructor(
    /** Takes up to so many tokens of a bucket. */
    private readonly ask: (name: string, most: number, rate: StoredRate) => Promise<Taken>,
    private readonly nowMs: () => number,
  ) {}

  /** Spends one token; returns 0, or after how many milliseconds to try again. @throws what the database does */
  async take(name: string, rate: StoredRate): Promise<number> {
    const lease = this.leaseOf(name);
    for (;;) {
      if (lease.tokens >= 1) {
        lease.tokens -= 1;
        return 0;
      }
      const waitMs = isSameRate(lease.by, rate) ? lease.untilMs - this.nowMs() : 0;
      if (waitMs > 0) return Math.ceil(waitMs);
      lease.asking ??= this.renew(name, lease, rate).finally(() => {
        lease.asking = undefined;
      });
      await lease.asking;
    }
  }

  private async renew(name: string, lease: Lease, rate: StoredRate): Promise<void> {
    const most = Math.max(1, Math.min(rate.burst, Math.floor(rate.perSecond / PART)));
    const { taken, waitMs } = await this.ask(name, most, rate);
    lease.tokens += taken;
    lease.by = rate;
    lease.untilMs = taken > 0 ? 0 : this.nowMs() + Math.max(1, waitMs);
  }

  private leaseOf(name: string): Lease {
    const lease = this.known.get(name) ?? { tokens: 0, untilMs: 0, by: undefined, asking: undefined };
    this.known.delete(name); // put back last: the map's order is the order of use
    this.known.set(name, lease);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
    return lease;
  }
}

export const isSameRate = (one: StoredRate | undefined, other: StoredRate): boolean =>
  one?.perSecond === other.perSecond && one.burst === other.burst;
