import { USUAL_RATES } from '#operations/limits/api-rates.js';

/** How often somebody may ask. */
export interface Rate {
  readonly perSecond: number;
  /** So many at once, when nothing was asked for a while. */
  readonly burst: number;
}

/** Whoever opens the room. */
export const KEY_RATE: Rate = USUAL_RATES.key;
/** An address that sends no key which opens the room. */
export const STRANGER_RATE: Rate = USUAL_RATES.stranger;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Token buckets of this process alone: for signing in, whose guesses a room's one server sees all, and while the database that
 * counts the rest is away. Those who have not asked for longest are forgotten, so that names made up by the thousand take
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
