import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { verifies } from '../../test/harness/requirements.js';
import { evaluate, namesEffect, needsOutput, render, type Scope } from './expressions.js';
import type { JsonValue } from './json.js';

const scope: Scope = {
  inputs: { n: 1, f: 1.5, s: 'a', list: [1, 2, 3], nested: { a: { b: [1] } }, constructor: 'own', nothing: null },
  run: { id: 'r1' },
  steps: new Map([
    ['build', { status: 'done', output: { url: 'u' } }],
    ['my-step', { status: 'skipped', output: 5 }],
  ]),
  secrets: { TOKEN: 'hunter2' },
  output: { pr_url: 'p' },
};

describe(verifies('PLAN-05', 'expressions over inputs, steps, secrets, env and run'), () => {
  test.each<[string, JsonValue]>([
    ['{{ inputs.n }}', 1],
    ['{{ inputs.f }}', 1.5],
    ['{{ inputs.nested }}', { a: { b: [1] } }],
    ['{{ inputs.nothing }}', null],
    ['n={{ inputs.n + 1 }} f={{ inputs.f }} {{ true }}', 'n=2 f=1.5 true'],
    ['{{ inputs.f * inputs.n }}', 1.5],
    ['{{ inputs.n == 1.0 && 1 == 1.0 && 1 < 1.5 && inputs.f > 1 }}', true],
    ['{{ inputs.list.map(x, x * 2).filter(x, x > 2) }}', [4, 6]],
    ['{{ {"a": {"b": 1}} }}', { a: { b: 1 } }],
    ['{{ inputs.constructor }}', 'own'],
    ['{{ steps.build.output.url }}-{{ steps["my-step"].outputs }}-{{ steps["my-step"].status }}', 'u-5-skipped'],
    ['{{ outputs.pr_url }}', 'p'],
    ['{{ inputs.s.matches("^a+$") }}', true],
    ['{{ has(inputs.nested.x) ? "yes" : "no" }}', 'no'],
    ['{{ 7 / 2 }}', 3],
    ['{{ [1, "a", null] }}', [1, 'a', null]],
    ['Bearer {{ secrets.TOKEN }}', 'Bearer hunter2'],
    ['{{{{ .Names }}', '{{ .Names }}'],
  ])('%s', (source, expected) => {
    expect(render(source, scope)).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ['{{ inputs.zz }}', /No such key: zz/],
    ['{{ inputs }}!', /is an object, which has no place inside text/],
    ['{{ null }}!', /is null/],
    ['{{ 1.0 / 0.0 }}', /Infinity/],
    ['{{ 9007199254740993 }}', /beyond 2\^53/],
    ['{{ type(1) }}', /no function type/],
    ['{{ cel.bind(x, 1, x) }}', /no method .bind/],
    ['{{ b"a" }}', /bytes/],
    ['{{ x', /never closed/],
    ['{{ }}', /is empty/],
    ['{{ item }}', /Unknown variable: item/],
    ['{{ inputs.__proto__ }}', /No such key/],
    ['{{ secrets.NOBODY_SET }}', /The secret NOBODY_SET is not set/],
    [`{{ ${'('.repeat(60)}1${')'.repeat(60)} }}`, /maxDepth/],
    [`{{ ${'1+'.repeat(3000)}1 }}`, /longer than/],
    ['{{ [1].map(a, [1].map(b, [1].map(c, 1))) }}', /more than 2 loops/],
    ['{{ [1].map(inputs, inputs) }}', /hides a name/],
  ])('%s is refused', (source, message) => {
    expect(() => render(source, scope, 'args.x')).toThrow(message);
    expect(() => render(source, scope, 'args.x')).toThrow(OpsroomError);
  });
});

test('values inside lists and objects are rendered, keys and results are not', () => {
  const value = { '{{ inputs.n }}': ['{{ inputs.n }}', { deep: '{{ inputs.s }}' }] };
  expect(render(value, scope)).toEqual({ '{{ inputs.n }}': [1, { deep: 'a' }] });
  expect(render('{{ inputs.s }}', { inputs: { s: '{{ secrets.TOKEN }}' }, secrets: { TOKEN: 'x' } })).toBe(
    '{{ secrets.TOKEN }}',
  );
});

test('an error names its place and never a secret', () => {
  expect(() => render({ a: [{ b: '{{ int(secrets.TOKEN) }}' }] }, scope)).toThrow(/^(?!.*hunter2).*\(a\[0\]\.b\)$/);
});

test('every JSON value survives the way through CEL and back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as JsonValue;
      expect(JSON.stringify(evaluate('inputs.x', { inputs: { x: json } }))).toBe(JSON.stringify(json));
    }),
  );
});

test('a safe integer is an int, any other number a double', () => {
  const numbers = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(numbers, (n) => {
      // Only ints have a remainder in CEL.
      const remainder = () => evaluate('inputs.n % 7', { inputs: { n } });
      if (Number.isSafeInteger(n)) expect(remainder()).toBe((n % 7) + 0);
      else expect(remainder).toThrow(OpsroomError);
    }),
  );
});

describe('work is bounded', () => {
  const numbers = Array.from({ length: 50_000 }, (_, i) => i);
  const big: Scope = { inputs: { numbers, text: 'a'.repeat(1_000_000), few: numbers.slice(0, 2000) } };

  test.each([
    'inputs.few.map(x, inputs.few.map(y, x * y))',
    'inputs.numbers.exists(x, inputs.numbers.exists(y, y.missing)) || false',
    'inputs.numbers.exists(x, x == inputs.numbers)',
    `[inputs.text]${'.map(x, x + x + x + x)'.repeat(20)}`,
    `[[1]]${'.map(x, x + x + x + x)'.repeat(20)}`,
    'inputs.few.map(x, inputs.text.matches("(a?){50}b"))',
    'inputs.numbers.map(x, inputs.few)',
  ])('%s', (source) => {
    expect(() => evaluate(source, big)).toThrow(OpsroomError);
  });

  test('what remains within reason is allowed', () => {
    expect(evaluate('inputs.numbers.filter(x, x % 2 == 0).size()', big)).toBe(25_000);
    expect(evaluate('inputs.text.contains("b")', big)).toBe(false);
  });
});

test('hostile expressions end in a value or an OpsroomError', () => {
  const atom = fc.constantFrom(
    'inputs.n',
    'inputs.list',
    'inputs.s',
    '1',
    '1.5',
    '"a"',
    'null',
    '[1, 2]',
    '{"a": 1}',
    'x',
    'output',
    'true',
  );
  const operator = fc.constantFrom(
    '+',
    '-',
    '*',
    '/',
    '%',
    '==',
    '<',
    '&&',
    '||',
    'in',
    '?',
    ':',
    '.',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    '!',
  );
  const call = fc.constantFrom(
    'size(',
    '.map(x, ',
    '.filter(x, ',
    '.all(x, ',
    '.matches(',
    'has(',
    'int(',
    'string(',
    '.split(',
    '.join(',
    'dyn(',
  );
  const tokens = fc.array(fc.oneof(atom, operator, call, fc.string({ maxLength: 3 })), { maxLength: 12 });
  fc.assert(
    fc.property(tokens, (tokens) => {
      try {
        JSON.stringify(evaluate(tokens.join(' '), scope));
      } catch (error) {
        expect(error).toBeInstanceOf(OpsroomError);
      }
    }),
    { numRuns: 3000 },
  );
});

describe('what a verifier proves', () => {
  const contract = { expectation: ['json', 'headers.etag'] };
  test.each<[string, boolean]>([
    ['{{ run.id }}', true],
    ['{{ step.key }}', true],
    ['{{ output.pr_url }}', true],
    ['{{ outputs.body.id }}', true],
    ['{{ output.exitCode }}', false],
    ['{{ output.status == 200 }}', false],
    ['{{ inputs.ref }}', false],
    ['run.id', false],
  ])('%s', (json, expected) => {
    expect(namesEffect({ config: { json: { a: [json] }, url: 'x' } }, contract)).toBe(expected);
    expect(namesEffect({ config: { headers: { etag: json } } }, contract)).toBe(expected);
    expect(namesEffect({ config: { url: json } }, contract)).toBe(false);
  });

  test('a check that reads the output cannot be made before', () => {
    expect(needsOutput({ config: { url: '{{ outputs.pr_url }}' } })).toBe(true);
    expect(needsOutput({ config: { url: '{{ inputs.output }} output' } })).toBe(false);
  });
});
