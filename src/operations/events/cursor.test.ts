import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type Cursor, covers, formatCursor, parseCursor, sees, union } from './cursor.js';

/** A database in which transactions begin in the order of their numbers and are committed in any other. */
class Ledger {
  private next = 1;
  private readonly running: number[] = [];
  /** Of the transactions that are visible: how many events each wrote. */
  readonly committed = new Map<number, number>();

  begin(): void {
    this.running.push(this.next++);
  }

  /** @param events 0: it wrote none, or was rolled back */
  end(which: number, events: number): void {
    const [xid] = this.running.splice(which % Math.max(1, this.running.length), 1);
    if (xid !== undefined && events > 0) this.committed.set(xid, events);
  }

  /** As the statement reads: whole transactions in their order, at least `limit` events when there are so many. */
  look(cursor: Cursor, limit: number): { xids: number[]; cursor: Cursor } {
    const unseen = [...this.committed.keys()].filter((xid) => !sees(cursor, xid)).sort((a, b) => a - b);
    const xids: number[] = [];
    let events = 0;
    for (const xid of unseen) {
      if (events >= limit) break;
      xids.push(xid);
      events += this.committed.get(xid) ?? 0;
    }
    const look = { last: xids.at(-1), more: events >= limit, running: this.running };
    return { xids, cursor: advance(cursor, look) };
  }
}

const act = fc.oneof(
  fc.constant({ kind: 'begin' as const }),
  fc.record({ kind: fc.constant('end' as const), which: fc.nat(8), events: fc.nat(3) }),
  fc.record({ kind: fc.constant('look' as const), reader: fc.nat(1), limit: fc.integer({ min: 1, max: 4 }) }),
);
const START: Cursor = { below: 0, but: [] };

/** Whatever happens in whatever order, told to two readers at once; returns where they stand. */
function play(acts: readonly (typeof act extends fc.Arbitrary<infer A> ? A : never)[]) {
  const ledger = new Ledger();
  const readers = [0, 1].map(() => ({ cursor: START, seen: [] as number[] }));
  const look = (reader: (typeof readers)[number], limit: number) => {
    const { xids, cursor } = ledger.look(reader.cursor, limit);
    expect(covers(cursor, reader.cursor)).toBe(true);
    reader.cursor = cursor;
    reader.seen.push(...xids);
  };
  for (const one of acts) {
    if (one.kind === 'begin') ledger.begin();
    else if (one.kind === 'end') ledger.end(one.which, one.events);
    else look(readers[one.reader] ?? { cursor: START, seen: [] }, one.limit);
  }
  return { ledger, readers, look };
}

describe('a cursor', () => {
  test('leaves no transaction out and gives none twice, in whatever order they are committed', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
        const { ledger, readers, look } = play(acts);
        for (const reader of readers) {
          for (let before = -1; reader.seen.length > before; ) {
            before = reader.seen.length;
            look(reader, 2);
          }
          expect([...reader.seen].sort((a, b) => a - b)).toEqual([...ledger.committed.keys()].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('of one reader is understood by another: it has seen what lies before its cursor, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
        const { ledger, readers } = play(acts);
        const [one, other] = readers;
        if (!one || !other) return;
        const both = union(one.cursor, other.cursor);
        for (const xid of ledger.committed.keys()) {
          expect(sees(one.cursor, xid)).toBe(one.seen.includes(xid));
          expect(sees(both, xid)).toBe(one.seen.includes(xid) || other.seen.includes(xid));
        }
        expect([covers(both, one.cursor), covers(both, other.cursor)]).toEqual([true, true]);
      }),
    );
  });

  test('goes over the wire and comes back', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
        for (const { cursor } of play(acts).readers) expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
      }),
    );
    expect(formatCursor({ below: 812, but: [790, 801] })).toBe('812-790-801');
  });

  test.each(['', 'x', '-1', '5-', '5-7', '5-3-2', '5-3-3', '99999999999999999', '9999999999999999-1', '5 ', '5-3\n'])(
    'is not %j',
    (text) => {
      expect(parseCursor(text)).toBeUndefined();
    },
  );
});
