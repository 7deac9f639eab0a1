import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Tail } from './tail.js';

function tailOf(cap: number, chunks: readonly Uint8Array[]): Tail {
  const tail = new Tail(cap);
  for (const chunk of chunks) tail.push(chunk);
  return tail;
}

test('whatever the chunks, the end of the whole is kept', () => {
  const ascii = fc.uint8Array({ max: 127 }).map((bytes) => bytes.map((byte) => byte || 32));
  fc.assert(
    fc.property(fc.nat(40), fc.array(ascii, { maxLength: 600 }), (cap, chunks) => {
      const whole = Buffer.concat(chunks);
      const tail = tailOf(cap, chunks);
      expect(tail.text()).toBe(whole.subarray(Math.max(0, whole.length - cap)).toString('latin1'));
      expect(tail.truncated).toBe(whole.length > cap);
    }),
  );
});

test('a character that the cap cuts in two is left out', () => {
  expect(tailOf(5, [Buffer.from('€€')]).text()).toBe('€');
});

test('a character that chunks cut in two is whole', () => {
  const bytes = Buffer.from('€');
  expect(tailOf(9, [bytes.subarray(0, 1), bytes.subarray(1)]).text()).toBe('€');
});

test('what is no UTF-8 is replaced, and NUL is dropped', () => {
  expect(tailOf(9, [Buffer.from([0x61, 0x00, 0xff, 0x62])]).text()).toBe('a\uFFFDb');
});

test('continuation bytes alone do not hide the rest', () => {
  expect(tailOf(4, [Buffer.alloc(8, 0x80)]).text()).toBe('\uFFFD'.repeat(4));
});
