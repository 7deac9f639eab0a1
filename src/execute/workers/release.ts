import type { Sql } from '../sql.js';
import type { Hint } from './dispatch.js';
import { releaseRuns } from './store.js';

/** A worker of this process, over the same pool. */
export interface Neighbour {
  id(): string;
  /** How many runs more it would take. */
  room(): number;
  take(hint: Hint): void;
}

interface Filling {
  now: Promise<void>;
  next: Promise<void> | undefined;
}

const filling = new WeakMap<Sql, Filling>();
const neighbours = new WeakMap<Sql, Neighbour>();

/** While it is the only worker, `neighbour` is given what is released over this pool by word of mouth; undefined: no more. */
export function releaseTo(sql: Sql, neighbour: Neighbour | undefined): void {
  if (neighbour) neighbours.set(sql, neighbour);
  else neighbours.delete(sql);
}

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
  current.now = release(sql)
    .catch(() => undefined)
    .then(() => {
      if (current.next === undefined) filling.delete(sql);
    });
  filling.set(sql, current);
  return current.now;
}

async function release(sql: Sql): Promise<void> {
  const neighbour = neighbours.get(sql);
  const { near } = await releaseRuns(sql, neighbour && { worker: neighbour.id(), room: neighbour.room() });
  for (const hint of near) neighbour?.take(hint);
}
