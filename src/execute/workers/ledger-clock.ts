import type { Clock } from '#kit/clock.js';

/** Readings differ by half a round trip: only what is more than that is a difference of clocks. */
const JITTER_MS = 50;

/**
 * The database's time, carried on between two readings by this machine's monotonic clock. Whatever is stored and compared
 * on other machines (when to try again, when a wait is over, when a run began) is reckoned by it, so that a wall clock
 * that is wrong, or set while runs are under way, moves no timer.
 */
export class LedgerClock implements Clock {
  private reading: { readonly ledgerMs: number; readonly atMs: number } | undefined;

  /** @param own wall time counts only until the first reading */
  constructor(private readonly own: Clock) {}

  /** The database's clock showed `ledgerMs` (since the epoch) `ageMs` ago. */
  read(ledgerMs: number, ageMs: number): void {
    const atMs = this.own.monotonicMs() - ageMs;
    if (!this.reading || Math.abs(ledgerMs - this.at(atMs)) > JITTER_MS) this.reading = { ledgerMs, atMs };
  }

  now(): Date {
    return new Date(Math.round(this.at(this.own.monotonicMs())));
  }

  monotonicMs(): number {
    return this.own.monotonicMs();
  }

  private at(monotonicMs: number): number {
    if (!this.reading) return this.own.now().getTime();
    return this.reading.ledgerMs + monotonicMs - this.reading.atMs;
  }
}
