import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogWindow } from './window.js';

const blockOf = (size: number, seq: number) => ({
  seq,
  size,
  firstLine: seq * 10 + 1,
  lines: 10,
  digest: createHash('sha256').update(`block ${seq}`).digest(),
});

test('keeps the head and a tail that rolls on, and counts what went between', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(sizes, (sizes) => {
      const window = new LogWindow<ReturnType<typeof blockOf>>({ headBytes: 20_000, tailBytes: 20_000 });
      const blocks = sizes.map(blockOf);
      const dropped = blocks.flatMap((block) => window.push(block));
      expect(window.droppedLines).toBe(dropped.length * 10);

      const gone = new Set(dropped.map(({ seq }) => seq));
      const kept = blocks.filter(({ seq }) => !gone.has(seq));
      expect(kept.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(40_000);
      expect(kept.at(-1)).toBe(blocks.at(-1));
      expect(kept[0]).toBe(blocks[0]);
      // One hole at most: what is kept is a beginning and an end.
      expect(kept.filter(({ seq }, index) => index > 0 && kept[index - 1]?.seq !== seq - 1).length).toBeLessThanOrEqual(
        1,
      );
      const hash = createHash('sha256');
      for (const { digest } of kept) hash.update(digest);
      expect(window.digest()).toBe(hash.digest('hex'));
    }),
  );
});

test('many tiny blocks are bounded too', () => {
  const window = new LogWindow<ReturnType<typeof blockOf>>({ headBytes: 100_000, tailBytes: 100_000 });
  for (let seq = 0; seq < 1000; seq++) window.push(blockOf(1, seq));
  expect(window.droppedLines).toBeGreaterThan(5000);
});
