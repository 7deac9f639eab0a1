import { expect, test } from 'vitest';
import { readYaml } from './yaml.js';

const read = (text: string) => readYaml(text, 'f.yaml');
const laughs = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]}, `.repeat(10)}]`),
].join('\n');

const FLATTER = 'Make it flatter';
const chain = Array.from({ length: 200 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`).join('\n');

test.each<[string, string, string, string]>([
  ['nothing', ' \n', 'PLAN_UNREADABLE', 'Name a readable'],
  ['binary', 'a: \u0000', 'PLAN_UNREADABLE', 'Name a readable'],
  ['not UTF-8', '\uFFFD\uFFFD', 'PLAN_UNREADABLE', 'Name a readable'],
  ['two documents', 'a: 1\n---\nb: 1', 'PLAN_UNREADABLE', 'Name a readable'],
  ['more than 8 MiB', `a: ${'x'.repeat(8 * 1024 * 1024)}`, 'PLAN_TOO_LARGE', 'Split it'],
  ['deep lists', '['.repeat(1_000_000), 'PLAN_TOO_LARGE', FLATTER],
  ['deep maps on one line', 'a: '.repeat(500_000), 'PLAN_TOO_LARGE', FLATTER],
  ['deep sequences', '- '.repeat(100_000), 'PLAN_TOO_LARGE', FLATTER],
  ['deep JSON', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, 'PLAN_TOO_LARGE', FLATTER],
  ['a deep chain of aliases', `a0: &a0 [x]\n${chain}`, 'PLAN_TOO_LARGE', FLATTER],
  ['a billion laughs', laughs, 'PLAN_TOO_LARGE', 'in place of aliases of aliases'],
])('%s is refused, with the file and a mend that fits', (_, text, code, mend) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining('(f.yaml)'),
      mend: expect.stringContaining(mend),
    }),
  );
});

test.each<[string, string, string]>([
  ['a: [1, 2', '1:', 'Flow sequence'],
  ['a:\n\t- 1', '2:', 'Tab'],
  ['b: 1\na: 1\na: 2', '3:1', 'stands twice'],
  ['{"b": 1,\n "a": 1, "a": 2}', '2:10', 'stands twice'],
  ['a: {{ x }}', '1:', 'must be text'],
  ['a: 12345678901234567890', '1:4', 'beyond 2^53'],
  ['{"a": 12345678901234567890}', '1:7', 'beyond 2^53'],
  ['a: .nan', '1:4', 'no form in JSON'],
  ['a: "\\ud800"', '1:4', 'half a character'],
  ['a: "\\0"', '1:4', 'NUL'],
  ['a: { "\\ud800": 1 }', '1:6', 'half a character'],
  ['"a\\0": 1', '1:1', 'NUL'],
  ['a: *x', '1:', 'lias'],
])('%j is a problem at %s', (text, place, what) => {
  const [problem] = read(text).problems;
  expect(`${problem?.line}:${problem?.column}`).toMatch(new RegExp(`^${place}`));
  expect(problem?.what).toContain(what);
});

test('JSON and YAML give the same value and places', () => {
  const json = '{\n  "a": [1, {"b": "x {{ y }}"}]\n}';
  const yaml = '\na:\n  - 1\n  - b: "x {{ y }}"\n';
  for (const text of [json, yaml])
    expect(read(text)).toMatchObject({ value: { a: [1, { b: 'x {{ y }}' }] }, problems: [] });
  expect(read(json).place(['a', 1, 'b'], 'y')).toEqual({ line: 2, column: 24 });
  expect(read(yaml).place(['a', 1, 'b'], 'y')).toEqual({ line: 4, column: 14 });
  expect(read(yaml).place(['a', 1, 'gone', 'x'])).toEqual({ line: 4, column: 5 });
});

test('aliases, comments and odd keys are read', () => {
  expect(read('# yaml-language-server: $schema=x\nx: &x {k: 1}\ny: *x\n5: five\n__proto__: 1').value).toEqual(
    JSON.parse('{"x": {"k": 1}, "y": {"k": 1}, "5": "five", "__proto__": 1}'),
  );
});
