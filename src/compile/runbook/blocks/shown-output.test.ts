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
