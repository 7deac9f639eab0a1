import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from './lines.js';
import { MOST_MESSAGE } from './meter.js';

test('the lines of a stream are the same however it is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r\n', '😀') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(12)), (whole, cuts) => {
      const lines = new Lines();
      const bytes = Buffer.from(whole);
      const found: string[] = [];
      let at = 0;
      for (const size of [...cuts, bytes.length]) {
        found.push(...lines.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(whole.split(/\r?\n/).slice(0, -1));
    }),
  );
});

test('a line that does not end is refused before it fills the memory', () => {
  const lines = new Lines();
  const block = Buffer.alloc(1024 * 1024, 120);
  expect(() => {
    for (let n = 0; n <= MOST_MESSAGE / block.length; n += 1) lines.push(block);
  }).toThrow(expect.objectContaining({ code: 'MCP_FAILED' }));
});
