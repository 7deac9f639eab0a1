import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANES } from '#ir/plan.js';
import { RUN_STATUSES } from '#ir/state.js';
import { FIELDS, type Filter, filterOf, sameFilter, searchOf, without, withValue } from './filters.js';

const word = fc.stringMatching(/^[a-z0-9:@]{1,12}$/);
const filters: fc.Arbitrary<Filter> = fc.record(
  {
    status: fc.uniqueArray(fc.constantFrom(...RUN_STATUSES), { minLength: 1 }),
    lane: fc.uniqueArray(fc.constantFrom(...LANES), { minLength: 1 }),
    session: word,
    plan: word,
    text: word,
    requestedBy: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
    target: fc.uniqueArray(
      fc.tuple(word, word).map(([name, value]) => `${name}=${value}`),
      { minLength: 1, maxLength: 3 },
    ),
    from: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((at) => at.toISOString()),
    within: fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('m', 'h', 'd')).map((parts) => parts.join('')),
    archived: fc.constantFrom('only' as const, 'all' as const),
    needsPerson: fc.constant(true),
  },
  { requiredKeys: [] },
);

test('a filter goes into the address and comes back', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(filterOf(searchOf(filter))).toEqual(filter);
    }),
  );
});

test('whatever stands in the address, what comes of it is a filter', () => {
  const search = fc.dictionary(fc.constantFrom(...FIELDS.map(({ name }) => name), 'other'), fc.string());
  fc.assert(
    fc.property(search, (given) => {
      const filter = filterOf(given);
      expect(filterOf(searchOf(filter))).toEqual(filter);
      for (const one of filter.status ?? []) expect(RUN_STATUSES).toContain(one);
    }),
  );
});

describe('two filters are the same', () => {
  test('in whatever order they list', () => {
    expect(sameFilter({ status: ['failed', 'waiting'] }, { status: ['waiting', 'failed'] })).toBe(true);
    expect(sameFilter({}, { archived: 'no' })).toBe(true);
  });
  test('and not when one asks for more', () => {
    expect(sameFilter({ status: ['failed'] }, { status: ['failed'], lane: ['A'] })).toBe(false);
  });
});

test('a list grows, another value is replaced, and a field can go', () => {
  const [status] = FIELDS;
  const text = FIELDS.find(({ name }) => name === 'text');
  if (!status || !text) throw new Error('no such field');
  expect(withValue({ status: ['failed'] }, status, ['failed', 'waiting'])).toEqual({ status: ['failed', 'waiting'] });
  expect(withValue({ text: 'a' }, text, 'b')).toEqual({ text: 'b' });
  expect(without({ text: 'a', lane: ['A'] }, 'text')).toEqual({ lane: ['A'] });
});
