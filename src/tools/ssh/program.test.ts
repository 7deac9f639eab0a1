import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteWord, remoteProgram } from './program.js';

/** What a POSIX shell makes of a program that it reads from its input, as sshd hands it over. */
const shell = (program: string) => execFileSync('/bin/sh', ['-s'], { input: program, encoding: 'utf8' });
const after = (program: string) => shell(program).replace(/^mark \d+\n/, '');
const PRINT = ['printf', '<%s>'] as const;

/** Everything that a shell, a login shell or a terminal could take for more than a letter. */
const SIGNS = [
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '*',
  '?',
  '~',
  '#',
  '&',
  '|',
  ';',
  '<',
  '>',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '=',
  '%',
  '\n',
  '\r',
  '\t',
  ' ',
  '-',
  'a',
  'é',
  '🙂',
];
const hostile = fc.string({ unit: fc.constantFrom(...SIGNS, '$(id)', "'\\''", '-n', '\u0001'), maxLength: 40 });

describe('a value stays what it is', () => {
  test('as a word', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (words) => {
        const program = remoteProgram({ argv: [...PRINT, ...words], env: {} }, 'mark');
        expect(after(program)).toBe(words.map((word) => `<${word}>`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  test('in the environment, on the standard input and in a script', () => {
    fc.assert(
      fc.property(hostile, hostile, (value, input) => {
        const run = `printf '<%s>' "$VALUE"; cat`;
        const program = remoteProgram({ run, env: { VALUE: value }, stdin: input }, 'mark');
        expect(after(program)).toBe(`<${value}>${input}`);
      }),
      { numRuns: 40 },
    );
  });

  test('as a folder', () => {
    expect(after(remoteProgram({ argv: ['pwd'], env: {}, cwd: '/' }, 'mark'))).toBe('/\n');
    expect(() => shell(remoteProgram({ argv: ['pwd'], env: {}, cwd: '-P' }, 'mark'))).toThrow(
      /can't cd to \.\/-P|No such file/,
    );
    expect(quoteWord("it's")).toBe("'it'\\''s'");
  });
});

test('the first line says which process group the command leads, and nothing reads our program', () => {
  const said = shell(remoteProgram({ run: 'echo "$$"; cat', env: {} }, 'mark'));
  const [, group, own] = /^mark (\d+)\n(\d+)\n$/.exec(said) ?? [];
  expect(group).toBe(own);
});

test('a script fails with the first command that fails', () => {
  expect(() => shell(remoteProgram({ run: 'false | true; echo on', env: {}, shell: 'bash' }, 'mark'))).toThrow();
});
