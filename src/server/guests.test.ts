import { expect, test } from 'vitest';
import { Guests } from './guests.js';

const KNOWN = { credential: 'opsr_known' };
const GUESS = { credential: 'opsr_guess' };

test('from an address that guesses nobody unknown is looked up, until its time is over', () => {
  const guests = new Guests();
  expect(guests.waitS(GUESS, 'a', 0)).toBe(0);
  guests.shut('a', 2, 0);
  expect(guests.waitS(GUESS, 'a', 500)).toBe(2);
  expect(guests.waitS({}, 'a', 500)).toBe(2);
  expect(guests.waitS(GUESS, 'b', 500)).toBe(0);
  expect(guests.waitS(GUESS, 'a', 2000)).toBe(0);
});

test('who was let in before is not held up, by the same key or cookie alone', () => {
  const guests = new Guests();
  guests.welcome(KNOWN);
  guests.welcome({ cookie: 'c=1' });
  guests.shut('a', 60, 0);
  expect(guests.waitS(KNOWN, 'a', 0)).toBe(0);
  expect(guests.waitS({ ...KNOWN, cookie: 'any' }, 'a', 0)).toBe(0);
  expect(guests.waitS({ cookie: 'c=1' }, 'a', 0)).toBe(0);
  expect(guests.waitS({ cookie: 'c=2' }, 'a', 0)).toBe(60);
  expect(guests.waitS({ ...GUESS, cookie: 'c=1' }, 'a', 0)).toBe(60);
});

test('those who have not come for longest are forgotten', () => {
  const guests = new Guests();
  guests.welcome(KNOWN);
  for (let n = 0; n < 10_000; n++) guests.welcome({ credential: String(n) });
  guests.shut('a', 60, 0);
  expect(guests.waitS(KNOWN, 'a', 0)).toBe(60);
  expect(guests.waitS({ credential: '9999' }, 'a', 0)).toBe(0);
});
