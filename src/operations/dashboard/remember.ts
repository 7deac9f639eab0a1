import type { Clock } from '#kit/clock.js';

interface Known<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

/** Answers that cost the database much, kept for a moment: whoever asks meanwhile, also while it is made, gets the same. */
export class Remembered<T> {
  private readonly known = new Map<string, Known<T>>();

  constructor(
    private readonly keepMs: number,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  get(key: string, make: () => Promise<T>): Promise<T> {
    const now = this.clock.monotonicMs();
    const known = this.known.get(key);
    if (known && now < known.until) return known.value;
    for (const [other, { until }] of this.known) if (until <= now) this.known.delete(other);
    const value = make();
    this.known.set(key, { until: now + this.keepMs, value });
    value.catch(() => this.known.delete(key));
    return value;
  }
}
