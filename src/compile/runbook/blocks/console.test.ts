import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConsole } from './console.js';

const commands = (text: string, language = 'console'): string[] | undefined =>
  readConsole(text, language)?.commands.map((command) => command.text);

describe('readConsole', () => {
  test('tells commands from what they print', () => {
    expect(readConsole('$ ls -l\na  b\n\n$ pwd\n/tmp\n\n', 'console')).toEqual({
      commands: [
        { text: 'ls -l', line: 0, output: 'a  b', root: false },
        { text: 'pwd', line: 3, output: '/tmp', root: false },
      ],
      whole: true,
    });
  });

  test.each([
    ['user@host:~$ ls', 'ls', false],
    ['root@box:/etc# ls', 'ls', true],
    ['[root@box etc]# ls', 'ls', true],
    ['root@box: ls', 'ls', false],
    ['(venv) $ ls', 'ls', false],
    ['bash-5.2$ ls', 'ls', false],
    ['~$ ls', 'ls', false],
    ['~# ls', 'ls', true],
    ['(venv)$ ls', 'ls', false],
    ['~/app $ ls', 'ls', false],
    ['❯ ls', 'ls', false],
    ['  $ ls', 'ls', false],
    ['# apt-get update', 'apt-get update', true],
  ])('knows the prompt of %s', (line, text, root) => {
    expect(readConsole(line, 'console')?.commands).toEqual([{ text, line: 0, output: '', root }]);
  });

  test.each([
    'PS C:\\> dir',
    '(config)# interface eth0',
    '~/x',
    'C:\\> dir',
    '>>> 1 + 1',
    'mysql> select 1;',
    'scp a.txt me@box: ',
    'git clone git@github.com:a/b',
    'ls -l',
    '',
    '# Install the package\nnpm i',
    '$HOME/x',
    '$',
  ])('finds no session in %s', (text) => {
    expect(readConsole(text, 'console')).toBeUndefined();
  });

  test('reads a script with prompts as a session, and one without as a script', () => {
    expect(commands('# Build\n$ make\n# Test\n$ make test', 'bash')).toEqual(['make', 'make test']);
    expect(commands('# Build\n~$ make\nmade it\n~$ make test', 'bash')).toEqual(['make', 'make test']);
    expect(commands('make\n$ make test', 'bash')).toBeUndefined();
    expect(commands('# apt-get update', 'bash')).toBeUndefined();
    expect(commands('cat <<EOF\n$ x\nEOF', 'bash')).toBeUndefined();
  });

  test.each([
    ['$ a \\\n> b \\\n  c\nout', 'a \\\nb \\\n  c', 'out'],
    ['$ cat <<EOF\n> x\n> EOF\nx', 'cat <<EOF\nx\nEOF', 'x'],
    ["$ cat <<'E'\n> quoted\n$ x\nE\nout", "cat <<'E'\n> quoted\n$ x\nE", 'out'],
    ['$ cat <<-E\n\tx\n\tE\nout', 'cat <<-E\n\tx\n\tE', 'out'],
    ['$ echo "a\nb"\na', 'echo "a\nb"', 'a'],
    ['$ a &&\n> b\nout', 'a &&\nb', 'out'],
    ['$ for x in 1; do\n>   echo $x\n> done\n1', 'for x in 1; do\n  echo $x\ndone', '1'],
    ['$ case x in\n> a) y ;;\n> esac\n1', 'case x in\na) y ;;\nesac', '1'],
    ['$ (cd x\n> ls)\n1', '(cd x\nls)', '1'],
    ['$ npm run build\n\n> x@1.0.0 build\n> tsc', 'npm run build', '\n> x@1.0.0 build\n> tsc'],
    ["$ make # don't\nout", "make # don't", 'out'],
    ['$ echo a#b <<<x $((1 << 2)) ${#y}\nout', 'echo a#b <<<x $((1 << 2)) ${#y}', 'out'],
    ['$ echo if\nif', 'echo if', 'if'],
  ])('follows %j to its end', (text, command, output) => {
    expect(readConsole(text, 'console')).toMatchObject({ commands: [{ text: command, output }], whole: true });
  });

  test('says when a command never ends, and goes on at the next prompt', () => {
    expect(readConsole("$ echo 'a\n$ ls\n$ cat <<EOF\nx", 'console')).toMatchObject({
      commands: [{ text: "echo 'a" }, { text: 'ls' }, { text: 'cat <<EOF\nx' }],
      whole: false,
    });
  });

  test('comments before a prompt are neither commands nor output', () => {
    expect(readConsole('$ cat x\n# in x\ny\n\n# Now:\n$ ls', 'console')?.commands.map(({ output }) => output)).toEqual([
      '# in x\ny',
      '',
    ]);
  });

  test('every line of a command is a line of the block', () => {
    const line = fc.constantFrom(
      '$ a',
      '$ a \\',
      '# b',
      '> c',
      'x',
      '',
      '$ cat <<E',
      'E',
      '> E',
      "$ '",
      '"',
      'done',
      '$ if x',
      '(',
      '$ ${',
      'u@h:~$ y',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), fc.constantFrom('console', 'bash'), (lines, language) => {
        const block = lines.join('\n').split('\n');
        for (const { text, line: at } of readConsole(block.join('\n'), language)?.commands ?? []) {
          for (const [index, part] of text.split('\n').entries()) expect(block[at + index]).toContain(part.trim());
        }
      }),
    );
  });
});
