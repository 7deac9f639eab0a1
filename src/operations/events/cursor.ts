/**
 * A place in what happened in a whole room. Serial numbers are no such place: they are given before the commit, so a reader
 * that has seen 7 may yet find a 6. Transactions are what becomes visible, as a whole, so a place is a set of them: every
 * transaction below a number has been seen, but a few that were still under way. docs/adr/0012-room-events-by-transaction.md says why so.
 *
 * The number is always that of a transaction whose events were read, plus one: it was on the disk before anybody could read
 * it. A snapshot's own end may be that of transactions that a crash of the server forgets, whose numbers are then given anew.
 */
export interface Cursor {
  readonly below: number;
  /** Not seen all the same; ascending. */
  readonly but: readonly number[];
}

/** What one look at the events brought. */
export interface Look {
  /** The highest transaction that events were read of; undefined: there were none. */
  readonly last: number | undefined;
  /** More may follow after `last`. */
  readonly more: boolean;
  /** Transactions that were under way at that moment. */
  readonly running: readonly number[];
}

/** A server lets in fewer clients than that, and each has one transaction. */
const MOST_RUNNING = 10_000;
const FORM = /^\d{1,16}(?:-\d{1,16})*$/;

/** `812` or `812-790-801`: what goes over the wire as the id of an event. */
export const formatCursor = ({ below, but }: Cursor): string => [below, ...but].join('-');

/** The cursor that was sent back; undefined when it is none. */
export function parseCursor(text: string): Cursor | undefined {
  if (text.length > 17 * MOST_RUNNING || !FORM.test(text)) return undefined;
  const [below = 0, ...but] = text.split('-').map(Number);
  const rises = but.every((xid, n) => xid < below && (n === 0 || xid > (but[n - 1] ?? 0)));
  return rises && Number.isSafeInteger(below) ? { below, but } : undefined;
}

/** Whether the events of a transaction lie before the cursor. */
export const sees = ({ below, but }: Cursor, xid: number): boolean => xid < below && !but.includes(xid);

/** Whether whoever stands at `later` has seen all that lies before `earlier`. */
export function covers(later: Cursor, earlier: Cursor): boolean {
  return later.below >= earlier.below && later.but.every((xid) => !sees(earlier, xid));
}

/** The place of whoever has seen what lies before either. */
export function union(one: Cursor, other: Cursor): Cursor {
  const unseen = [...one.but, ...other.but].filter((xid) => !sees(one, xid) && !sees(other, xid));
  return { below: Math.max(one.below, other.below), but: ascending(unseen) };
}

/** The place after a look. What ended without events is forgotten: nothing more can come of it. */
export function advance({ below, but }: Cursor, { last, more, running }: Look): Cursor {
  const still = new Set(running);
  const behind = last === undefined ? below : Math.max(below, last + 1);
  const left = more && last !== undefined ? but.filter((xid) => xid > last) : [];
  const begun = running.filter((xid) => xid >= below && xid < behind);
  return { below: behind, but: ascending([...left, ...but.filter((xid) => still.has(xid)), ...begun]) };
}

const ascending = (xids: readonly number[]): number[] => [...new Set(xids)].sort((a, b) => a - b);
