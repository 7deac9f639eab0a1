import { expect, test } from 'vitest';
import { RoomFeed } from './room-feed.js';
import type { RoomEvent } from './store.js';

const cursor = (below: number) => ({ below, but: [] });
const batch = (before: number, after: number, events: number) => ({
  before: cursor(before),
  after: cursor(after),
  events: Array.from({ length: events }, () => ({}) as RoomEvent),
});

test('a reader goes on at the furthest place that it has seen all before, as far as that is remembered', () => {
  const feed = new RoomFeed(cursor(1), 5);
  feed.add(batch(1, 3, 2));
  feed.add(batch(3, 6, 2));
  expect([1, 2, 3, 5, 6, 9].map((below) => feed.placeOf(cursor(below)))).toEqual([0, 0, 1, 1, 2, 2]);
  feed.add(batch(6, 8, 3)); // the first is forgotten
  expect([1, 3, 8].map((below) => feed.placeOf(cursor(below)))).toEqual([undefined, 1, 3]);
  expect([feed.reaches(0), feed.reaches(1), feed.at(1)?.after, feed.at(3)]).toEqual([
    false,
    true,
    cursor(6),
    undefined,
  ]);
});

test('what was skipped takes a place as well', () => {
  const feed = new RoomFeed(cursor(1), 5);
  for (let n = 1; n <= 20; n++) feed.add({ ...batch(n, n + 1, 0), skipped: true });
  expect([feed.reaches(14), feed.reaches(15), feed.end]).toEqual([false, true, cursor(21)]);
});

test('the last batch is remembered, however large', () => {
  const feed = new RoomFeed(cursor(1), 5);
  feed.add(batch(1, 2, 1));
  feed.add(batch(2, 3, 100));
  expect([feed.placeOf(cursor(1)), feed.placeOf(cursor(2)), feed.end]).toEqual([undefined, 1, cursor(3)]);
});
