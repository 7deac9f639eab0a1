import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Greeting } from './greeting.js';

test('wherever the stream is cut, our line is taken out and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ maxLength: 20 }),
      fc.string({ maxLength: 20 }),
      fc.array(fc.nat(60)),
      async (before, after, cuts) => {
        const greeting = new Greeting('mark-1');
        const stream = Buffer.from(`${before}mark-1 4321\n${after}`);
        const places = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const parts = places.slice(1).map((to, i) => Buffer.from(greeting.take(stream.subarray(places[i], to))));
        expect(Buffer.concat([...parts, Buffer.from(greeting.rest())]).toString()).toBe(`${before}${after}`);
        expect(await greeting.group).toBe(4321);
      },
    ),
  );
});

test('a host that never says it holds back neither its words nor memory', () => {
  const greeting = new Greeting('mark-1');
  const kept = Array.from({ length: 100 }, () => greeting.take(Buffer.alloc(4096, 'x')).length);
  expect(kept.reduce((sum, length) => sum + length) + greeting.rest().length).toBe(100 * 4096);
});
