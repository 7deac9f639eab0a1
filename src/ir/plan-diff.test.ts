import { type Arbitrary, assert, jsonValue, property, shuffledSubarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/harness/requirements.js';
import type { JsonValue } from './json.js';
import { normalisePlan } from './normalise.js';
import type { Plan } from './plan.js';
import { planSchema } from './plan.js';
import { differencesOf, diffPlans, diffWords } from './plan-diff.js';

const plan = (steps: readonly object[], more: object = {}): Plan =>
  normalisePlan(planSchema.parse({ apiVersion: 'opsroom/v1', title: 'Deploy', steps, ...more }), () => 'run');
const build = { id: 'build', tool: 'shell', args: { run: 'make' } };
const release = {
  id: 'release',
  tool: 'http',
  args: { url: 'https://a.example', body: { ref: 'main' } },
  dependsOn: ['build'],
};

describe('two plans', () => {
  it('differ by steps that were added, removed and changed, with the places', () => {
    const other = { ...release, args: { url: 'https://a.example', body: { ref: 'next', force: true } } };
    const diff = diffPlans(
      plan([build, release, { id: 'old', tool: 'shell' }]),
      plan([build, other, { id: 'tell', tool: 'http' }]),
    );
    expect(diff.same).toBe(1);
    expect(diff.plan).toEqual([]);
    expect(diff.steps).toEqual([
      {
        id: 'release',
        title: 'release',
        change: 'changed',
        differences: [
          { path: 'args.body.ref', before: 'main', after: 'next' },
          { path: 'args.body.force', before: undefined, after: true },
        ],
      },
      { id: 'tell', title: 'tell', change: 'added', differences: [] },
      { id: 'old', title: 'old', change: 'removed', differences: [] },
    ]);
    expect(diffWords(diff)).toBe('steps release, tell (added), old (removed)');
  });

  it('differ beside their steps, and not by where a step stands', () => {
    const before = plan([build, { ...release, dependsOn: [] }], { target: { environment: 'staging' } });
    const after = plan([{ ...release, dependsOn: [] }, build], { target: { environment: 'production' } });
    const diff = diffPlans(before, after);
    expect(diff).toEqual({
      plan: [{ path: 'target.environment', before: 'staging', after: 'production' }],
      steps: [],
      same: 2,
      moved: ['release'],
    });
    expect(diffWords(diff)).toBe('its target');
    expect(diffWords(diffPlans(before, before))).toBe('');
  });

  it(verifies('PLAN-07', 'name the fewest steps that stand elsewhere'), () => {
    const row = (ids: string) => plan(ids.split('').map((id) => ({ id, tool: 'shell' })));
    expect(diffPlans(row('abcdef'), row('fabcde')).moved).toEqual(['f']);
    expect(diffPlans(row('abcdef'), row('abXdef')).moved).toEqual([]);
    expect(diffPlans(row('abc'), row('cba')).moved).toHaveLength(2);
    assert(
      property(shuffledSubarray('abcdefgh'.split(''), { minLength: 8 }), (ids) => {
        const { moved } = diffPlans(row('abcdefgh'), row(ids.join('')));
        const others = ids.filter((id) => !moved.includes(id));
        expect(others).toEqual(others.toSorted());
      }),
    );
  });

  it(verifies('PLAN-07', 'tell verifiers by their ids, wherever they stand'), () => {
    const check = (id: string, url: string) => ({ id, kind: 'http', config: { url } });
    const [one, two, three] = [
      check('one', 'https://a.example'),
      check('two', 'https://b.example'),
      check('three', 'https://c.example'),
    ];
    const before = plan([{ ...build, verifiers: [one, two] }]);
    const after = plan([{ ...build, verifiers: [three, { ...two, config: { url: 'https://d.example' } }, one] }]);
    const [changed] = diffPlans(before, after).steps;
    expect(changed?.differences.map(({ path }) => path).toSorted()).toEqual([
      'verifiers.three',
      'verifiers.two.config.url',
    ]);
  });

  it('name a few of many changes', () => {
    const many = (run: string) => Array.from({ length: 9 }, (_, i) => ({ id: `s${i}`, tool: 'shell', args: { run } }));
    expect(diffWords(diffPlans(plan(many('a')), plan(many('b'))))).toBe('steps s0, s1, s2, s3, s4 and 4 more');
  });
});

describe('two values', () => {
  const json = jsonValue() as Arbitrary<JsonValue>;
  it('differ when one is an object and the other a list, even when both are empty', () => {
    expect(differencesOf({}, [])).toEqual([{ path: '', before: {}, after: [] }]);
    expect(differencesOf({ a: [] }, { a: {} })).toEqual([{ path: 'a', before: [], after: {} }]);
  });

  it('have no difference exactly when they are the same, and otherwise the differences say it all', () => {
    assert(
      property(json, json, (a, b) => {
        expect(differencesOf(a, a)).toEqual([]);
        const found = differencesOf(a, b);
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(found.length === 0).toBe(same);
        expect(
          differencesOf(b, a)
            .map(({ path }) => path)
            .toSorted(),
        ).toEqual(found.map(({ path }) => path).toSorted());
      }),
    );
  });
});

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // Named, so that an object without members is not taken for an empty list.
  return { members: members.map(([name, member]) => [name, sorted(member)]) };
}
