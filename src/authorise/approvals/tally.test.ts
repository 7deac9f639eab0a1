import { array, assert, constant, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import type { ApprovalRule } from '../decision.js';
import { counts, tally, type Word, wantedText } from './tally.js';

const rule = (over: Partial<ApprovalRule> = {}): ApprovalRule => ({
  policy: 'production',
  reason: 'two pairs of eyes',
  roles: ['approver', 'owner'],
  count: 1,
  ttlMs: 1000,
  window: null,
  form: null,
  ...over,
});
const word = (person: string, over: Partial<Word> = {}): Word => ({
  person,
  by: `person:${person}`,
  role: 'approver',
  verdict: 'approve',
  breakGlass: false,
  ...over,
});

describe('who must agree', () => {
  it(verifies('POLICY-05', 'is told by each rule, and only its roles count for it'), () => {
    const rules = [rule({ count: 2 }), rule({ policy: 'money', roles: ['owner'] })];
    const half = tally(rules, [word('ada'), word('joe', { role: 'operator' })]);
    expect(half.met).toBe(false);
    expect(wantedText(half.rules)).toBe(
      '1 of approver, owner (production: two pairs of eyes); 1 of owner (money: two pairs of eyes)',
    );
    expect(['owner', 'operator', null].map((role) => counts(half, word('eve', { role })))).toEqual([
      true,
      false,
      false,
    ]);
    expect(tally(rules, [word('ada'), word('joe', { role: 'owner' })]).met).toBe(true);
  });

  it('is one person once, under whatever name', () => {
    const twice = [word('ada'), word('ada', { by: 'person:ada@new.example' })];
    expect(tally([rule({ count: 2 })], twice).met).toBe(false);
  });

  it('is not the user of a machine beside a person: it may be they', () => {
    const unlinked = word('', { person: null, by: 'user:ada@build', role: 'owner' });
    const other = { ...unlinked, by: 'user:joe@other' };
    expect(tally([rule()], [unlinked]).met).toBe(true);
    expect(tally([rule({ count: 2 })], [unlinked, other]).met).toBe(false);
    for (const words of [
      [unlinked, word('ada')],
      [word('ada'), unlinked],
    ])
      expect(tally([rule({ count: 2 })], words)).toMatchObject({ met: false, rules: [{ given: ['person:ada'] }] });
    expect(tally([rule({ count: 2 })], [word('ada'), unlinked, word('joe')]).met).toBe(true);
    const breaks = (of: Word): Word => ({ ...of, breakGlass: true });
    expect(tally([rule({ count: 5 })], [breaks(word('ada')), breaks(unlinked)]).broken).toBe(false);
    const given = tally([rule({ count: 2 })], [word('ada')]);
    expect([counts(given, unlinked), counts(given, word('joe'))]).toEqual([false, true]);
    expect(counts(tally([rule({ count: 2 })], [unlinked]), word('ada'))).toBe(true);
  });

  it('is nobody else once two people broke the glass, and not before', () => {
    const rules = [rule({ count: 5 })];
    const one = word('ada', { breakGlass: true });
    expect(tally([rule()], [one]).met).toBe(false);
    expect(tally(rules, [one, word('ada', { breakGlass: true }), word('joe')])).toMatchObject({
      met: false,
      broken: false,
    });
    expect(tally(rules, [one, word('joe', { breakGlass: true })])).toMatchObject({ met: true, broken: true });
  });

  it('never grows by a rejection, a role that no rule names, or somebody who has agreed', () => {
    const words = array(
      record({
        person: constantFrom('a', 'b', 'c', 'd'),
        by: constant('x'),
        role: constantFrom('approver', 'owner', 'viewer', null),
        verdict: constantFrom('approve' as const, 'reject' as const),
        breakGlass: constant(false),
      }),
    );
    assert(
      property(words, integer({ min: 1, max: 5 }), (given, count) => {
        const people = new Map(
          given.filter(({ verdict }) => verdict === 'approve').map((one) => [one.person, one.role]),
        );
        const able = [...people.values()].filter((role) => role === 'approver' || role === 'owner').length;
        expect(tally([rule({ count })], given).met).toBe(able >= count);
      }),
    );
  });
});
