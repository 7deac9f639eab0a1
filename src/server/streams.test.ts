import { expect, test } from 'vitest';
import { Streams } from './streams.js';

test('each has so many places, and all together', () => {
  const streams = new Streams({ each: 2, all: 3 });
  const mine = [streams.take('ada'), streams.take('ada')];
  expect(streams.take('ada')).toBeUndefined();
  const other = streams.take('bea');
  expect(other).toBeDefined();
  expect(streams.take('cy')).toBeUndefined();
  mine[0]?.();
  mine[0]?.(); // once is enough
  expect(streams.take('cy')).toBeDefined();
  expect(streams.take('ada')).toBeUndefined();
});
