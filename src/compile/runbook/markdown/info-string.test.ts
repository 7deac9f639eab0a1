import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeadingAttributes, readInfoString } from './info-string.js';

function parts(info: string): [string, Record<string, string>, string?] {
  const { language, attributes, label } = readInfoString(info);
  return label === undefined
    ? [language, Object.fromEntries(attributes)]
    : [language, Object.fromEntries(attributes), label];
}

describe('readInfoString', () => {
  test.each<[string, [string, Record<string, string>, string?]]>([
    ['', ['', {}]],
    ['Bash', ['bash', {}]],
    ['bash {verify}', ['bash', { verify: 'true' }]],
    ['bash {rollback} timeout=30s if=inputs.fast', ['bash', { rollback: 'true', timeout: '30s', if: 'inputs.fast' }]],
    ['bash {verify timeout=30s, if="a == \\"b\\""}', ['bash', { verify: 'true', timeout: '30s', if: 'a == "b"' }]],
    ['{verify}', ['', { verify: 'true' }]],
    [
      'sh {"name":"build","cwd":"..","background":"true","interactive":false}',
      ['sh', { name: 'build', cwd: '..', background: 'true', interactive: 'false' }],
    ],
    ['sh { name=build background=true }', ['sh', { name: 'build', background: 'true' }]],
    ['sh {"name": broken}', ['sh', { name: 'true', broken: 'true' }]],
    ['js title="src/a b.js" {1,3-5} linenums', ['js', { title: 'src/a b.js', linenums: 'true' }]],
    ["js{1,3-5} title='x'", ['js', { title: 'x' }]],
    ['{.bash .numberLines #id startFrom="100"}', ['bash', { numberLines: 'true', startFrom: '100' }]],
    ['.bash', ['bash', {}]],
    ['{code-block} bash', ['bash', {}]],
    ['{r, echo=FALSE}', ['r', { echo: 'FALSE' }]],
    ['title="x y"', ['', { title: 'x y' }]],
    ['sh [npm i]', ['sh', {}, 'npm i']],
    ['ts showLineNumbers={true}', ['ts', { showLineNumbers: 'true' }]],
    ['rust,no_run', ['rust', { no_run: 'true' }]],
    ['c++', ['c++', {}]],
  ])('%s', (info, expected) => {
    expect(parts(info)).toEqual(expected);
  });

  test('reads anything', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', "'", '=', ' ', ',', '\\', '.', 'a', '{"', '__proto__', '#');
    const infos = fc.oneof(
      fc.string(),
      fc.array(piece).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(infos, (info) => {
        const { language, attributes } = readInfoString(info);
        expect(language).not.toMatch(/[\s{}]/);
        for (const [key, value] of attributes) expect([key !== '', typeof value]).toEqual([true, 'string']);
      }),
    );
  });
});

describe('readHeadingAttributes', () => {
  test.each([
    ['Check it {verify}', 'Check it', { verify: 'true' }],
    ['Undo {#undo .x rollback=yes}', 'Undo', { x: 'true', rollback: 'yes' }],
    ['Build {"name":"b"}', 'Build', { name: 'b' }],
    ['GET /users/{id}', 'GET /users/{id}', {}],
    ['Use {name}', 'Use {name}', {}],
    ['{', '{', {}],
  ])('%s', (heading, text, expected) => {
    const read = readHeadingAttributes(heading);
    expect([read.text, Object.fromEntries(read.attributes)]).toEqual([text, expected]);
  });
});
