import type { Database } from '#db/database.js';
import type { Clock } from '#kit/clock.js';
import { repeat } from '#kit/repeat.js';
import { Leases } from './leases.js';
import { pruneBuckets, readApiRates, type StoredRate, takeTokens } from './store.js';

/** Whoever opens the room (`key`), and whoever does not (`stranger`). */
export type Asker = 'key' | 'stranger';

/** Whoever opens the room: a runaway program is slowed down, people and pollers never notice. A stranger: an address that sends no key. */
export const USUAL_RATES: Readonly<Record<Asker, StoredRate>> = {
  key: { perSecond: 200, burst: 2000 },
  stranger: { perSecond: 1, burst: 60 },
};

/** How often somebody may ask, over all servers of a database together. */
export interface ApiRates {
  /** Counts one request; returns 0, or after how many milliseconds to ask again. @throws what the database does */
  take(asker: Asker, who: string): Promise<number>;
  close(): Promise<void>;
}

const READ_MS = 5000;
const PRUNE_ROUNDS = 720;

export function openApiRates({ engine }: Pick<Database, 'engine'>, clock: Clock): ApiRates {
  const leases = new Leases(
    (name, most, rate) => takeTokens(engine, name, most, rate),
    () => clock.monotonicMs(),
  );
  let set: ReadonlyMap<string, StoredRate> = new Map();
  let round = 0;
  const look = async (): Promise<void> => {
    set = await readApiRates(engine);
    if (round++ % PRUNE_ROUNDS === 0) await pruneBuckets(engine);
  };
  // What fails here shows in every request as well.
  const looking = repeat(look, { everyMs: READ_MS, failed: () => undefined });
  return {
    take: (asker, who) => leases.take(`${asker} ${who}`.slice(0, 400), set.get(asker) ?? USUAL_RATES[asker]),
    close: () => looking.close(),
  };
}
