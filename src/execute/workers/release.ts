import type { Sql } from '../sql.js';
import { releaseRuns } from './store.js';

interface Filling {
  now: Promise<void>;
  next: Promise<void> | undefined;
}

const filling = new WeakMap<Sql, Filling>();

/**
 * Moves queued runs into free places of their lanes. Calls over one pool that fall together are one: whoever comes while
 * a call is under way, which may not see its run, waits for the next. Never rejects: the sweep of the next beat makes a
 * lost call good.
 */
export function fillLanes(sql: Sql): Promise<void> {
  const known = filling.get(sql);
  if (known) {
    known.next ??= known.now.then(() => begin(sql));
    return known.next;
  }
  return begin(sql);
}

function begin(sql: Sql): Promise<void> {
  const current: Filling = { now: Promise.resolve(), next: undefined };
  current.now = releaseRuns(sql)
    .then(
      () => undefined,
      () => undefined,
    )
    .then(() => {
      if (current.next === undefined) filling.delete(sql);
    });
  filling.set(sql, current);
  return current.now;
}
