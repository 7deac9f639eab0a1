import { expect, test } from 'vitest';
import { Strays } from './strays.js';

const driven = (run: string) => run === 'driven';

test('a run is a stray when it is owned and not driven in two beats in a row', () => {
  const strays = new Strays();
  expect(strays.seen(['driven', 'a', 'b'], driven)).toEqual([]);
  expect(strays.seen(['driven', 'b'], driven)).toEqual(['b']);
  expect(strays.seen(['a'], driven)).toEqual([]);
  expect(strays.seen(['a'], driven)).toEqual(['a']);
});
