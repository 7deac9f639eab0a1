import type { ApiRates, Asker } from '#operations/limits/api-rates.js';
import { KEY_RATE, RateLimit, STRANGER_RATE } from './rate-limit.js';

/**
 * How often somebody may ask, over all servers of a database. While the database cannot be asked, this process counts by itself: then
 * requests fail for another reason anyway, and nobody guesses faster for it.
 */
export class ApiLimit {
  private readonly own: Readonly<Record<Asker, RateLimit>> = {
    key: new RateLimit(KEY_RATE),
    stranger: new RateLimit(STRANGER_RATE),
  };

  /** @param shared without it there is this process only */
  constructor(private readonly shared: Pick<ApiRates, 'take'> | undefined) {}

  /** Counts one request. Returns 0 when it may pass, otherwise after how many whole seconds to ask again. */
  async waitS(asker: Asker, who: string): Promise<number> {
    if (!this.shared) return this.own[asker].take(who, performance.now());
    try {
      return Math.ceil((await this.shared.take(asker, who)) / 1000);
    } catch {
      return this.own[asker].take(who, performance.now());
    }
  }
}
