import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { loadShellGrammar, type ShellGrammar, shellFacts } from './parse.js';
import { plainSyntaxOf } from './plain.js';
import { syntaxOf } from './syntax.js';

let grammar: ShellGrammar;
let parserAlone: ShellGrammar;
beforeAll(async () => {
  grammar = await loadShellGrammar();
  const file = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm');
  const parser = new Parser().setLanguage(await Language.load(file));
  parserAlone = { parse: (script) => syntaxOf(script, parser), remembered: new Map() };
});

test.each([
  ['plain words', 'npm install\nmake -j 4 A=1'],
  ['comments and blank lines', '# Build it:\n\n  make all\n \n\t# <your-app>\n'],
  ['quotes on one line', 'git commit -m "it\'s done" --author=\'A <a@example.com>\' a"b c"d'],
  ['a command that goes on', 'docker run \\\n  -p 8080:80 \\\n\t"nginx"'],
  ['paths', './deploy.sh ~/x\n../a/b.sh\n/usr/bin/env x'],
])('%s are read without the parser, as it would read them', (_, script) => {
  expect(plainSyntaxOf(script)).toBeDefined();
  expect(shellFacts(script, grammar)).toEqual(shellFacts(script, parserAlone));
});

test.each([
  'echo $A',
  'echo "$A"',
  'echo `a`',
  'a | b',
  'a > b',
  'a; b',
  'a &',
  'a\\ b',
  'if true',
  '"a" b',
  'A=1 b',
  "echo 'a\nb'",
  'a \\',
  'a \\\n# b',
  'a #b',
])('%j is for the parser', (script) => {
  expect(plainSyntaxOf(script)).toBeUndefined();
});

test('what is read without the parser is read the same with it', () => {
  const plain =
    'npm a.b/c --x=y A=1 12 sudo if time read a@1 export in x:y let unset ~/x ./run.sh . - -- test -c bash ssh = eval env xargs';
  const word = fc.constantFrom(
    ...plain.split(' '),
    ...String.raw`"a b"|'c d'|""|''|--m="x y"|a'b'c|#|# c|'ls -l'|"rm -rf x"|"<your-app>"|'<your-app>'|YOUR_APP|"x|'y|"ä # x"`.split(
      '|',
    ),
    '\\\n',
    ' \\\n  ',
    '\n',
    '\n\n',
    '\n# a <your-app>\n',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const script = words.join(' ');
      if (plainSyntaxOf(script) !== undefined)
        expect(shellFacts(script, grammar)).toEqual(shellFacts(script, parserAlone));
    }),
    { numRuns: 1000 },
  );
});
