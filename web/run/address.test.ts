import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAddress, selectStep, TABS, writeAddress } from './address.js';

const addresses = fc.record({
  step: fc.option(fc.stringMatching(/^[a-z][a-z0-9_/-]{0,20}$/), { nil: undefined }),
  item: fc.integer({ min: -1, max: 9999 }),
  tab: fc.option(fc.constantFrom(...TABS), { nil: undefined }),
  attempt: fc.option(fc.nat(99), { nil: undefined }),
  line: fc.option(fc.nat(999_999), { nil: undefined }),
  fold: fc.option(fc.boolean(), { nil: undefined }),
});

test('what is chosen on the page comes back from its address', () => {
  fc.assert(
    fc.property(addresses, (address) => {
      const kept = address.step === undefined ? { ...readAddress({}), fold: address.fold } : address;
      expect(readAddress(writeAddress(address))).toEqual(kept);
    }),
  );
});

test('whatever was typed into an address is read as something', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('step', 'item', 'tab', 'attempt', 'line', 'fold'), fc.string()),
      (typed) => {
        const { item, tab, line } = readAddress(typed);
        expect(item).toBeGreaterThanOrEqual(-1);
        expect(tab === undefined || TABS.includes(tab)).toBe(true);
        expect(line === undefined || line >= 0).toBe(true);
      },
    ),
  );
});

test('another step begins at its beginning and keeps the tab and the fold', () => {
  const address = readAddress({ step: 'a', item: '3', tab: 'logs', attempt: '2', line: '7', fold: 'off' });
  expect(writeAddress(selectStep(address, 'b'))).toMatchObject({
    step: 'b',
    item: undefined,
    tab: 'logs',
    line: undefined,
    fold: 'off',
  });
});
