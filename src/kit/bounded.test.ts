import { expect, test } from 'vitest';
import { bounded } from './bounded.js';

test('work that ends gives its value, or throws what it throws', () => {
  expect(bounded(1000, () => 7)).toEqual({ value: 7 });
  expect(() =>
    bounded(1000, () => {
      throw new RangeError('too deep');
    }),
  ).toThrow('too deep');
});

test('work that waited for a processor is not the one that took long', () => {
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  const waits = () => Atomics.wait(asleep, 0, 0, 700);
  expect(bounded(500, waits)).toEqual({ value: 'timed-out' });
});

test('work that does not end is ended, and what comes after it is not', () => {
  const forever = () => {
    for (;;);
  };
  let begun = 0;
  const counted = () => {
    begun += 1;
    forever();
  };
  expect(bounded(200, counted)).toBeUndefined();
  // Once, where the machine gives what it has.
  expect(begun).toBeLessThan(4);
  expect(bounded(1000, () => 'after')).toEqual({ value: 'after' });
  expect(bounded(1000, () => bounded(1000, () => 'inside'))).toEqual({ value: { value: 'inside' } });
});
