import { backoffDelayMs } from '#kit/backoff.js';
import { type Clock, sleep } from '#kit/clock.js';
import { ledgerError } from './ledger-error.js';

/** So long a database may be away before a follower gives up. */
const PATIENCE_MS = 120_000;
const BACKOFF = { backoffMs: 100, backoffMultiplier: 2 };
const LONGEST_MS = 2000;

/** Lets a follower live through a restart or an outage of the database: it looks again, and goes on where it was. */
export class Patience {
  private heardMs: number;
  private failures = 0;

  constructor(
    private readonly ports: { readonly clock: Clock; random(): number },
    private readonly signal: AbortSignal | undefined,
  ) {
    this.heardMs = ports.clock.monotonicMs();
  }

  /**
   * One look at the database.
   *
   * @returns undefined when the database was out of reach, after a while that grows with every failure
   * @throws OpsroomError DATABASE_UNREACHABLE after two minutes, and whatever else goes wrong at once
   */
  async look<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const seen = await work();
      this.heardMs = this.ports.clock.monotonicMs();
      this.failures = 0;
      return seen;
    } catch (error) {
      const failure = ledgerError(error);
      const over = this.ports.clock.monotonicMs() - this.heardMs > PATIENCE_MS;
      if (failure.code !== 'DATABASE_UNREACHABLE' || over) throw failure;
      this.failures += 1;
      await sleep(Math.min(LONGEST_MS, backoffDelayMs(BACKOFF, this.failures, this.ports.random())), this.signal);
      return undefined;
    }
  }
}
