import { isCertainlyNotCommitted } from '#db/pg-errors.js';
import { Gather } from '#kit/gather.js';
import type { Sql } from '../sql.js';
import { insertRuns, type NewRun } from './store.js';

/** Beyond these a statement takes longer than the commit that it saves. */
const MOST = 64;

const inserting = new WeakMap<Sql, Gather<NewRun, void>>();

/** Writes a queued run; those that come over one pool while others are being written go together. */
export function insertRun(sql: Sql, run: NewRun): Promise<void> {
  let gather = inserting.get(sql);
  if (!gather) {
    const work = async (runs: readonly NewRun[]) => {
      await insertRuns(sql, runs);
      return runs.map(() => undefined);
    };
    gather = new Gather<NewRun, void>({ work, most: MOST, splits: isCertainlyNotCommitted });
    inserting.set(sql, gather);
  }
  return gather.ask(run);
}
