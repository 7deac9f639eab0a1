import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { codeLines } from '../words/text.js';
import { partsOf } from './parts.js';

const grammar = await loadShellGrammar();
const factsOf = (script: string) => shellFacts(script, grammar);
const partsIn = (script: string, around = '') =>
  partsOf(script, factsOf(script), { around, declared: undefined, factsOf });
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

test('a comment may say far behind its begin that its case reaches further', () => {
  const script = (says: string) =>
    `touch a\n\n# If it is broken\nrm x\n\n# ${'all is well '.repeat(500)}${says}\ntouch y`;
  expect(shape(script(''))).toHaveLength(3);
  expect(shape(script('otherwise repeat it'))).toBeUndefined();
  expect(shape(script('go to step 2'))).toBeUndefined();
});

test('each of several cases is one, and where only the first is, it may be that of all', () => {
  expect(shape('# If A broke\nmake a\n\n# If B broke\nmake b')).toEqual([
    ['make a', 'if_a_broke'],
    ['make b', 'if_b_broke'],
  ]);
  expect(shape('# If A broke\nmake a\n\n# If B broke\nmake b\n\n# Restart\nmake c')).toBeUndefined();
});

test('a case may stand behind what is done in it', () => {
  expect(shape('make a\n\n# Start afresh if the data is corrupted\nmake b')).toEqual([
    ['make a'],
    ['make b', 'start_afresh_if_the_data_is_corrupted'],
  ]);
  expect(shape('make a\n\n# Check if the port is open\nmake b')).toBeUndefined();
  expect(shape("make a\n\n# Create it if it doesn't exist\nmake b")).toBeUndefined();
});

test('what says no more than that it is optional is named after its command', () => {
  expect(shape('make a\n\n# Optional\nmake b')).toEqual([['make a'], ['make b', 'optional_make_b']]);
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
  ['what another case excludes', 'make a\n\n# If it is down\nmake up\n\n# Otherwise\nmake reload'],
  ['what else is to be done', 'make a\n\n# If nginx is used\nmake b\n\n# Else\nmake c'],
  ['what is for other machines', 'make a\n\n# If on Debian\nmake b\n\n# On CentOS\nmake c'],
  ['a paragraph without a comment below a case', 'make a\n\n# If needed\nmake b\n\nmake c'],
  ['a case with comments inside', 'make a\n\n# If needed\nmake b\n# then\nmake c\n\n# More\nmake d'],
  ['a case of two numbers', 'make a\n\n# 2. If it is down\nmake b\n\n# 2b. promote\nmake c'],
  ['what a case sets for all that follows', 'make a\n\n# If the base is new\nDB=new\nmake b\n\n# Clean\nmake "$DB"'],
  ['a folder that a case goes to', 'make a\n\n# If needed, in its folder\ncd /srv/old\n\n# Clear\nmake b'],
  ['a case that goes on', 'make a\n\n# If the disk is full\nmake b\n\n# Then the logs\nmake c'],
  ['a list of a case', 'make a\n\n# If the disk is full:\nmake b\n\n# The logs\nmake c'],
  ['steps of a case', 'make a\n\n# Optional: fresh\n# Step 1\nmake b\n\n# Step 2\nmake c'],
  ['letters of a case', 'make a\n\n# If on Debian, add it\nmake b\n\n# a) refresh\nmake c'],
  ['a case in other words beside one', 'make a\n\n# Only on the primary\nmake b\n\n# Optional: more\nmake c'],
  ['a case above nothing', 'make a\n\n# If it is MySQL:\n\nmake b\n\n# Optional: more\nmake c'],
  ['a case beside what goes on', 'make a\n\ndocker stats\n\n# Stop if the memory grows\nmake b'],
  ['an early end', 'test -f x || exit 0\nmake a\n\n# Optional\nmake b\n\n# More\nmake c'],
  ['a trap', "trap 'rm -rf x' EXIT\nmake a\n\n# Optional\nmake b"],
  ['arguments', 'set -- a b\nmake a\n\n# Optional\nmake "$@"'],
  ['a line that goes on behind what does not end', 'make a\ntail -f x; make b'],
  ['more parts than anybody follows', 'docker stats\n'.repeat(21)],
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
    'make a',
    'make b',
    'cd web && make c',
    'docker stats',
    'tail -f x | grep y',
    'npm start',
    'if true; then make d; fi',
    'cat <<EOF\nx\nEOF',
    'echo \\\n  y',
  );
  const comment = fc.constantFrom('', '# If needed\n', '# Optional: more\n', '# Then\n', '# 2. Go on\n');
  const paragraph = fc
    .tuple(comment, fc.array(line, { minLength: 1, maxLength: 3 }))
    .map(([above, lines]) => above + lines.join('\n'));
  let split = 0;
  fc.assert(
    fc.property(fc.array(paragraph, { minLength: 1, maxLength: 6 }), (paragraphs) => {
      const script = paragraphs.join('\n\n');
      const parts = partsIn(script);
      if (parts === undefined) return;
      split += 1;
      const called = (text: string) => factsOf(text).commands.map(({ program, args }) => [program, ...args]);
      expect(parts.flatMap((part) => called(part.script))).toEqual(called(script));
      expect(parts.every(({ facts }) => facts.parsed && facts.commands.length > 0)).toBe(true);
      const lines = script.split('\n');
      for (const part of parts)
        expect(
          lines
            .slice(part.lines.from, part.lines.to + 1)
            .join('\n')
            .trim(),
        ).toBe(part.script);
    }),
    // The same cases each time: how many of them are taken apart differs by chance.
    { numRuns: 500, seed: 15 },
  );
  expect(split).toBeGreaterThan(50);
});
