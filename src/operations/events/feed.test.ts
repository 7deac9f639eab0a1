import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '#execute/views/store.js';
import { Feed } from './feed.js';

const event = (seq: number): RunEvent => ({
  seq,
  type: 't',
  step: null,
  item: null,
  attempt: null,
  data: null,
  at: new Date(0),
});

test('whatever is added and asked for, it answers with what follows, or says that it does not remember', () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.nat(120),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(200),
      fc.nat(30),
      (from, count, most, after, limit) => {
        const feed = new Feed(from, most);
        for (let seq = from + 1; seq <= from + count; seq++) feed.add(event(seq));
        expect(feed.head).toBe(from + count);
        const answer = feed.after(after, limit)?.map(({ seq }) => seq);
        const all = Array.from({ length: count }, (_, i) => from + 1 + i).filter((seq) => seq > after);
        if (answer === undefined) expect(after).toBeLessThan(Math.max(from, from + count - most));
        else expect(answer).toEqual(all.slice(0, limit));
      },
    ),
  );
});

test('who waits is woken once for all that came in one turn, by the end as well, and not by time alone', async () => {
  const feed = new Feed(0, 10);
  const { signal } = new AbortController();
  const waiting = feed.changed(60_000, signal);
  feed.add(event(1));
  feed.add(event(2));
  expect([await waiting, feed.after(0, 10)?.length]).toEqual([true, 2]);
  const ending = feed.changed(60_000, signal);
  feed.finish();
  expect([await ending, feed.ended]).toEqual([true, {}]);
  expect(await feed.changed(1, signal)).toBe(false);
  expect(await feed.changed(60_000, AbortSignal.abort())).toBe(false);
});
