/** How often somebody may ask. */
export interface Rate {
  readonly perSecond: number;
  /** So many at once, when nothing was asked for a while. */
  readonly burst: number;
}

/** Whoever opens the room: a runaway program is slowed down, people and pollers never notice. */
export const KEY_RATE: Rate = { perSecond: 200, burst: 2000 };
/** An address that sends no key which opens the room. */
export const STRANGER_RATE: Rate = { perSecond: 1, burst: 60 };

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Token buckets, kept in this process: one process serves a room, so counts in the database would cost a write for each
 * request and gain nothing. Those who have not asked for longest are forgotten, so that names made up by the thousand take
 * no memory.
 */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly rate: Rate,
    private readonly most = 10_000,
  ) {}

  /** Counts one request of `who`. Returns 0 when it may pass, otherwise after how many whole seconds to ask again. */
  take(who: string, nowMs: number): number {
    const { perSecond, burst } = this.rate;
    const known = this.buckets.get(who) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, known.tokens + ((nowMs - known.atMs) / 1000) * perSecond);
    this.buckets.delete(who); // put back last: the map's order is the order of use
    this.buckets.set(who, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > this.most && oldest !== undefined) this.buckets.delete(oldest);
    return tokens < 1 ? Math.ceil((1 - tokens) / perSecond) : 0;
  }

  /** Takes back what a request counted that turned out not to be meant: counted first, so that many at once are. */
  giveBack(who: string): void {
    const known = this.buckets.get(who);
    if (known) known.tokens = Math.min(this.rate.burst, known.tokens + 1);
  }
}
