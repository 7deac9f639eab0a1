import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../shell/parse.js';
import { partsOf } from './parts.js';
import { codeLines } from './rules-text.js';

const grammar = await loadShellGrammar();
const factsOf = (script: string) => shellFacts(script, grammar);
const partsIn = (script: string, around = '') => partsOf(script, factsOf(script), around, factsOf);
/** Each part as its first command, and what is special about it. */
const shape = (script: string, around?: string) =>
  partsIn(script, around)?.map(({ script: part, condition, background, hand }) => [
    codeLines(part)[0]?.trim(),
    ...(condition === undefined ? [] : [condition.input]),
    ...(background === undefined ? [] : [background]),
    ...(hand === undefined ? [] : ['by hand']),
  ]);

test('what is for some cases only is a step that an input asks about', () => {
  const script =
    '# 1. Back up\ncp a.db b.db\n\n# 2. Start afresh if needed\nrm a.db\ntouch a.db\n\n# 3. Restart\nmake restart';
  expect(shape(script)).toEqual([['cp a.db b.db'], ['rm a.db', 'start_afresh_if_needed'], ['make restart']]);
  expect(partsIn(script)?.map(({ title }) => title)).toEqual(['Back up', 'Start afresh if needed', 'Restart']);
});

test('the comment on top belongs to the first of several cases', () => {
  expect(shape('# If A broke\nmake a\n\n# If B broke\nmake b\n\n# Restart\nmake c')).toEqual([
    ['make a', 'if_a_broke'],
    ['make b', 'if_b_broke'],
    ['make c'],
  ]);
});

test('what goes on is left in the background when all below it only looks, else a person looks at it', () => {
  const aliveMs = 5000;
  expect(shape('journalctl -u web -f\n\ncurl -f http://localhost/health')).toEqual([
    ['journalctl -u web -f', { aliveMs }],
    ['curl -f http://localhost/health'],
  ]);
  expect(shape('cd web\ndocker stats\nmake restart')).toEqual([
    ['cd web'],
    ['docker stats', 'by hand'],
    ['make restart'],
  ]);
  expect(shape('npm ci\nnpm start', 'It listens on http://localhost:4000')).toEqual([
    ['npm ci'],
    ['npm start', { port: 4000 }],
  ]);
  expect(shape('make\ntail -f app.log |\n  grep error')).toEqual([['make'], ['tail -f app.log |', { aliveMs }]]);
});

test.each([
  ['a server before what changes something', 'npm start\nmake restart'],
  ['what another case excludes', '# If it is down\nmake up\n\n# Otherwise\nmake reload'],
  ['the state of the last command', 'make a\n\n# If it failed\n[ $? -eq 0 ] || make b'],
  ['jobs', 'make a &\n\n# Optional\nmake b\n\nwait'],
  ['a case within a compound command', 'for x in a b; do\n  make $x\n  # If needed\n  make more-$x\ndone'],
  ['what a file says', "cat > Dockerfile <<'EOF'\nFROM a\n# If needed\nRUN b\nEOF\nmake"],
  ['one piece', 'make a\nmake b'],
])('%s is not taken apart', (_, script) => {
  expect(partsIn(script)).toBeUndefined();
});

test('no command is lost, doubled or moved, and nothing is made a part that the grammar finds an error in', () => {
  const line = fc.constantFrom(
    '# If needed',
    '# Optional: more',
    '# Then',
    '',
    'make a',
    'docker stats',
    'tail -f x | grep y',
    'npm start',
    'cat <<EOF',
    'EOF',
    'if true; then',
    'fi',
    'cd web && make',
    'echo \\',
    "echo 'a",
    "b'",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
      const script = lines.join('\n');
      const parts = partsIn(script);
      if (parts === undefined) return;
      const kept = parts.flatMap((part) => codeLines(part.script).map((one) => one.trim()));
      expect(kept).toEqual(codeLines(script).map((one) => one.trim()));
      expect(parts.every(({ facts }) => facts.parsed && facts.commands.length > 0)).toBe(true);
    }),
  );
});
