import type { Parked } from '../records.js';

/** What one heartbeat brought back. Null from the database means: this worker was deposed. */
export interface Beat {
  /** What the database's clock showed, ms since the epoch. */
  readonly nowMs: number;
  /** Other workers and how often they have beaten. */
  readonly others: Readonly<Record<string, number>>;
  readonly owned: readonly string[];
  readonly signalled: readonly string[];
  readonly overdue: readonly { readonly org: string; readonly run: string }[];
}

/** What the heartbeat's thread tells the worker. */
export type BeatMessage =
  /** `atMs`: when the database read its clock, by the process's monotonic one (`monotonicMs`). */
  | { readonly kind: 'beat'; readonly beat: Beat; readonly atMs: number }
  | { readonly kind: 'deposed' }
  /** Others were found dead and deposed: what they were about to do is to be made good. */
  | { readonly kind: 'survived' }
  /** No beat got through for most of the lease: end the step processes before another worker starts them again. */
  | { readonly kind: 'expiring' };

/** A monotonic clock that threads of one process share; `performance.now()` counts from each thread's own start. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Part of the lease after which a worker that cannot beat ends its own step processes. */
export const EXPIRING_AT = 0.6;

/**
 * Watches whether other workers move, by one's own monotonic clock. A worker is dead when its count of beats has stood
 * still for a whole lease during which one's own beats all got through: after an outage of the database nobody's moved,
 * and the first to be back must not depose the rest.
 */
export class Watch {
  private seen = new Map<string, { beats: number; sinceMs: number }>();

  constructor(private readonly leaseMs: number) {}

  /** One's own beat failed: nothing that was seen before counts. */
  interrupted(): void {
    this.seen.clear();
  }

  /** @returns the workers that have stood still for a lease, with the count they stopped at */
  observe(others: Readonly<Record<string, number>>, nowMs: number): { id: string; beats: number }[] {
    const before = this.seen;
    this.seen = new Map();
    const dead: { id: string; beats: number }[] = [];
    for (const [id, beats] of Object.entries(others)) {
      const known = before.get(id);
      const sinceMs = known?.beats === beats ? known.sinceMs : nowMs;
      this.seen.set(id, { beats, sinceMs });
      if (nowMs - sinceMs >= this.leaseMs) dead.push({ id, beats });
    }
    return dead;
  }
}

export const TOO_MANY_TAKEOVERS: Parked = {
  code: 'TAKEOVERS',
  what: 'The run was taken over more than three times: whatever worker takes it dies.',
  mend: 'Look at the last step in `opsroom show RUN`, then `opsroom resume RUN` or `opsroom cancel RUN`.',
};
