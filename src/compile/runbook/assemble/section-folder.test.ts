import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { offerChoices } from '../ways/alternatives.js';
import { findSection, withinSection } from './section.js';
import { sectionFolder } from './section-folder.js';

const grammar = await loadShellGrammar();
const settings = readSettings({}, 'ops.md');
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

/** What comes first, and the command that leads nobody knows where; with a `?` where people are asked. */
function folder(own: string, ...before: readonly string[]) {
  const text = `# Ops\n\n## Deploy\n\n${before.map(block).join('')}## Then\n\n${block(own)}`;
  const document = readMarkdown(text, 'ops.md');
  const decided = decideBlocks({ document, file: 'ops.md', settings, grammar });
  const { decisions } = offerChoices(decided, undefined, (script) => shellFacts(script, grammar));
  const section = findSection(document, 'then', 'ops.md');
  const { first, unplaced } = sectionFolder(decisions, withinSection(decided, section), section);
  const where = unplaced === undefined ? [] : [`${unplaced.command}${unplaced.depends ? '?' : ''}`];
  return [...[...first].map((one) => ('text' in one ? one.text : '')), ...where];
}

test.each([
  ['a block that only goes there is done first', ['cd /srv/app', 'make a'], ['cd /srv/app']],
  ['one after the other', ['cd /srv', 'cd app', 'make a'], ['cd /srv', 'cd app']],
  ['the last that is named in full', ['cd /opt\nmake a', 'cd /srv'], ['cd /srv']],
  ['one that does more', ['cd /srv/app\nmake a'], ['cd /srv/app?']],
  ['one that makes a secret', ['cd /srv/app\nKEY=$(openssl rand -hex 8)'], ['cd /srv/app?']],
  ['from there, nobody knows either', ['cd /srv\nmake a', 'cd app'], ['cd /srv?']],
  ['a subshell', ['(cd web && make a)'], []],
  ['a subshell that does more', ['(set -e; cd /srv/app; make a)'], []],
  ['a shell of its own', ['bash -c "cd /srv/app && make a"'], []],
  ['there and back', ['cd web && make a && cd ..'], []],
])('where a section runs: %s', (_what, before, expected) => {
  expect(folder('rm -rf cache', ...before)).toEqual(expected);
});

test('a section that goes to a folder itself needs none, and one that depends on none is only told', () => {
  const before = 'cd /srv/app\nmake a';
  expect(folder('cd /srv/other\nrm -rf cache', before)).toEqual([]);
  expect(folder('mkdir -p /srv/x && cd /srv/x\nmake b', before)).toEqual([]);
  expect(folder('rm -rf cache\ncd /srv/other', before)).toEqual(['cd /srv/app?']);
  expect(folder('systemctl restart nginx', before)).toEqual(['cd /srv/app']);
  expect(folder('test -s log', before)).toEqual(['cd /srv/app']);
  expect(folder('mkdir -p /srv/log', before)).toEqual(['cd /srv/app']);
  expect(folder('echo x >> log', before)).toEqual(['cd /srv/app?']);
});

test('nor does one of whose blocks each names its paths in full, or is behind one that goes there', () => {
  const before = 'cd /srv/app\nmake a';
  const next = '\n```\n\n```bash\n';
  expect(folder('rm -rf /srv/other/cache', before)).toEqual(['cd /srv/app']);
  expect(folder(`touch /srv/paused${next}cd /srv/other\ngzip a.log${next}rm -rf cache`, before)).toEqual([]);
  expect(folder(`touch /srv/paused${next}(cd /srv/other && ls)\nrm -rf cache`, before)).toEqual(['cd /srv/app?']);
  expect(folder(`touch paused${next}cd /srv/other\ngzip a.log`, before)).toEqual(['cd /srv/app?']);
  expect(folder('DIR=cache\nrm -rf "$DIR"', before)).toEqual(['cd /srv/app?']);
});

test('variables that a section needs are set before it, unless they have changed since', () => {
  expect(folder('make "$APP"', 'export APP=/srv/app', 'make a')).toEqual(['export APP=/srv/app']);
  expect(folder('make b', 'export APP=/srv/app', 'make a')).toEqual([]);
  expect(folder('make "$REL"', 'REL=1', 'REL=$(cat next)\nmake a')).toEqual([]);
});
