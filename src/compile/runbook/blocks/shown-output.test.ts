import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { readSettings } from './settings.js';

const grammar = await loadShellGrammar();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;

function decisionsOf(text: string) {
  const document = readMarkdown(`# Ops\n\n## Deploy\n\n${block('make deploy')}${text}`, 'r.md');
  return decideBlocks({ document, file: 'r.md', settings: readSettings(document.frontMatter, 'r.md'), grammar }).slice(
    1,
  );
}

const CHECK = `## Verify\n\n${block('grep -c web hosts')}`;

test.each([
  '',
  'Debe mostrar:',
  'Salida esperada:',
  'Sollte zeigen:',
  'Das sollte am Ende ausgeben:',
  'Cela doit afficher :',
  'Deve mostrare:',
  'Expect:',
  'Respuesta esperada:',
  'You should see:',
  '应该看到：',
])('what a check is expected to show is compared, and is no gap: "%s"', (intro) => {
  const [check, shown] = decisionsOf(`${CHECK}${intro === '' ? '' : `${intro}\n\n`}${block('2', '')}`);
  expect(check).toMatchObject({ label: 'verify', shown: '2', weak: false });
  expect(shown).toMatchObject({ label: 'leave_out', rule: 'shown-output' });
});

test.each([
  ['further below', `${CHECK}| a | b |\n|---|---|\n| 1 | 2 |\n\n${block('2', '')}`],
  ['a file', `${CHECK}Add this to the file:\n\n${block('2', '')}`],
  ['what is not to be seen', `${CHECK}No debe mostrar:\n\n${block('2', '')}`],
  ['another language', `${CHECK}${block('{{ a }}', 'yaml')}`],
  ['behind a deed', `## Build\n\n${block('make build')}${block('4 files', '')}`],
  [
    'what a deed leaves in a file',
    `## Build\n\n${block('make build')}/etc/hosts should contain:\n\n${block('x 1', '')}`,
  ],
])('it is not compared: %s', (_, text) => {
  const [before] = decisionsOf(text);
  expect(before?.shown).toBeUndefined();
});

test('a number told below what prints one thing is what it is expected to show', () => {
  const [told] = decisionsOf(`## Verify\n\n${block('grep -c web hosts')}Expect \`50\`.\n`);
  expect(told?.shown).toBe('50');
  const [many] = decisionsOf(`## Verify\n\n${block('ls\ngrep -c web hosts')}Expect \`50\`.\n`);
  expect(many?.shown).toBeUndefined();
  const [words] = decisionsOf(`## Verify\n\n${block('grep -c web hosts')}Expect 50 lines.\n`);
  expect(words?.shown).toBeUndefined();
});

const below = (text: string, code = 'curl -s http://web/health') =>
  decisionsOf(`## Verify\n\n${block(code)}${text}\n`)[0];

test.each([
  ['You should see `ok`.', 'ok'],
  ['You should now see `3 rows` in the output.', '3 rows'],
  ['It prints `pong`.', 'pong'],
  ['The output is `active (running)`', 'active (running)'],
  ['The output should be **`ok`**.', 'ok'],
  ['It should say `done`. Then go on.', 'done'],
  ['It takes a while. Expect `200 OK`.', '200 OK'],
  ["You'll see `ready` for each of the nodes.", 'ready'],
  ['Sie sollten `ok` sehen.', 'ok'],
  ['Debería ver `ok`.', 'ok'],
  ['Vous devriez voir `ok`.', 'ok'],
  ['应该看到 `ok`。', 'ok'],
])('what a sentence below says in code is looked for in what comes out: %s', (text, prints) => {
  expect(below(text)).toMatchObject({ prints, weak: false });
});

test.each([
  'You should not see `error`.',
  'You should no longer see `web-1`.',
  'You should see `<your-app>`.',
  'You should see `$NAME`.',
  'You should see `web-xxxxx`.',
  'You should see `v1.2 ...`.',
  'You should see `ok` or `degraded`.',
  'You should see `web` in the browser.',
  'You should see ok.',
  'You should see three lines with `ok`.',
  'You should see `0` errors.',
  'If you should see `ok`, stop.',
  'In case of trouble it prints `refused`.',
  'Otherwise you should see `FATAL`.',
  'On an error it says `x`.',
  'Run `make ok`.',
  'Add this to `hosts`.',
])('nothing is looked for: %s', (text) => expect(below(text)?.prints).toBeUndefined());

test('nor where nobody can say what prints it, or the whole output is shown', () => {
  expect(below(`You should see \`2\`:\n\n${block('2', '')}`)).toMatchObject({ shown: '2' });
  expect(below(`You should see \`2\`:\n\n${block('2', '')}`)?.prints).toBeUndefined();
  expect(below('You should see `up`.', 'docker compose up')?.prints).toBeUndefined();
  const refused = `## Verify\n\nThis command must fail:\n\n${block('curl -f http://web')}You should see \`denied\`.\n`;
  expect(decisionsOf(refused)[0]?.prints).toBeUndefined();
});

test('what a sentence with code says of the block above it leaves out none below it', () => {
  const text = `## Deploy\n\n${block('./deploy.sh')}You should see \`deployed\`.\n\n${block('./seed.sh')}It prints \`pong\`.\n\n${block('./finish.sh')}`;
  expect(decisionsOf(text).map(({ prints }) => prints)).toEqual(['deployed', 'pong', undefined]);
  expect(decisionsOf(text).map(({ label }) => label)).not.toContain('leave_out');
});
