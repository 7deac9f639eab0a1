import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { readSettings } from './settings.js';

const grammar = await loadShellGrammar();

/** Label and rule of each block of code. */
function decided(text: string, file = 'runbook.md') {
  const document = readMarkdown(text, file);
  return decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar }).flatMap(
    ({ block, label, rule, script }) => (block.kind === 'code' ? [{ label, rule, script }] : []),
  );
}

const block = (code: string, info = '') => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const rulesOf = (text: string) => decided(text).map(({ rule }) => rule);

describe('programs of which nobody knows, in blocks without a language', () => {
  test('are programs when they begin several blocks, once with an option', () => {
    const text = `# Ops\n\nLog in\n\n${block('paasctl login -a api.test')}\nThe database\n\n${block('paasctl service db')}`;
    expect(rulesOf(text)).toEqual(['procedure', 'procedure']);
  });

  test('are first words when nothing has an option, or only one block begins so', () => {
    const without = `# Ops\n\nLimits\n\n${block('upstream web one')}\nMore\n\n${block('upstream web two')}`;
    expect(rulesOf(without)).toEqual(['untagged-not-commands', 'untagged-not-commands']);
    expect(rulesOf(`# Ops\n\nLimits\n\n${block('paasctl service db --plan small')}`)).toEqual([
      'untagged-not-commands',
    ]);
  });

  test('are programs with an option where a sentence or a heading asks for something', () => {
    expect(
      rulesOf(`# Ops\n\nCreate the database. This takes long:\n\n${block('paasctl make db --plan small')}`),
    ).toEqual(['procedure']);
    expect(rulesOf(`# Ops\n\n## 2. Start the proxy\n\n${block('paasctl up --wait')}`)).toEqual(['procedure']);
    expect(rulesOf(`# Ops\n\nCreate the file:\n\n${block('upstream web one')}`)).toEqual(['untagged-not-commands']);
  });

  test('are programs after a prompt, too', () => {
    const text = `# Ops\n\n${block('$ paasctl up', 'console')}\nThen\n\n${block('paasctl scale web')}`;
    expect(rulesOf(text)).toEqual(['procedure', 'procedure']);
  });

  test('are known by a word of sentences only with an option, a path or an address', () => {
    expect(rulesOf(`# Ops\n\n${block('find /var/spool -name old')}`)).toEqual(['procedure']);
    expect(rulesOf(`# Ops\n\n${block('find the old ones')}`)).toEqual(['untagged-not-commands']);
    expect(rulesOf(`# Ops\n\n${block('open http://localhost:3000')}`)).toEqual(['procedure']);
  });
});

test.each([
  [
    'files that the text speaks of',
    '/etc/ssl/live/shop/fullchain.pem\n/etc/ssl/live/shop/privkey.pem',
    'untagged-not-commands',
  ],
  ['a script', './bin/make-certificate.sh', 'procedure'],
  ['a program by its path', '/usr/local/sbin/renew\n/etc/init.d/nginx reload', 'procedure'],
])('a block without a language of paths: %s', (_what, code, rule) => {
  expect(rulesOf(`# Ops\n\nIn the settings of the proxy there are two entries\n\n${block(code)}`)).toEqual([rule]);
});

describe('the prompt of root in a block without a language', () => {
  test('is taken off where every line with one hash has the form of a command', () => {
    const code = '### The table\n# sfdisk -d /dev/vda > /backup/table\n\n### All of it\n# sync';
    expect(decided(`# Ops\n\n${block(code)}`)).toEqual([
      {
        label: 'run',
        rule: 'destructive',
        script: '### The table\nsfdisk -d /dev/vda > /backup/table\n### All of it\nsync',
      },
    ]);
  });

  test('keeps a line that goes on', () => {
    const [one] = decided(`# Ops\n\n${block('# tar -C /boot \\\n  -cf /backup/boot.tar .')}`);
    expect(one).toMatchObject({ label: 'run', script: 'tar -C /boot \\\n  -cf /backup/boot.tar .' });
  });

  test.each([
    ['sentences', '# install the package\n# make sure that it runs'],
    ['a heading above output', '# free -m\ntotal 3 used 2'],
    ['words that nothing shows to be commands', '# cat\n# date'],
    ['a comment among commands', '# mount /dev/vda /mnt\n# then restore'],
    ['settings', '# loglevel warning\n# port 6380'],
  ])('is none in %s', (_, code) => {
    expect(decided(`# Ops\n\n${block(code)}`)).toMatchObject([{ label: 'leave_out' }]);
  });
});
