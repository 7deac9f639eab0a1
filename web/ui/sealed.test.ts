import { expect, test } from 'vitest';
import { isSealed } from './sealed.js';

const records = [{ seq: 0 }, { seq: 1 }];

test.each([
  ['under its seal', { sealed: { headSeq: 1 }, records, more: false }, true],
  ['not sealed yet', { sealed: null, records, more: false }, false],
  ['written on after a seal, as by a rollback', { sealed: { headSeq: 0 }, records, more: false }, false],
  ['longer than what was read', { sealed: { headSeq: 900 }, records, more: true }, true],
])('a chain that is %s', (_, chain, sealed) => {
  expect(isSealed(chain)).toBe(sealed);
});
