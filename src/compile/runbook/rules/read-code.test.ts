import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readMarkdown } from '../markdown/markdown.js';
import { readBlocks } from './read-code.js';

const grammar = await loadShellGrammar();
const SHAPED = '# zpool replace tank sdc /dev/disk/by-id/x';

/** Of each block without a language: how it is read, and what is typed. */
function read(...blocks: string[]) {
  const text = blocks.map((block) => `Do it:\n\n\`\`\`\n${block}\n\`\`\`\n\n`).join('');
  const found = readBlocks(readMarkdown(`# R\n\n${text}`, 'r.md').blocks, grammar);
  return found.map((one) => (one.kind === 'item' ? 'item' : [one.kind, one.script]));
}

test('beside what root types behind its prompt, commands without an option or a path are typed, too', () => {
  const alone = '# zpool offline tank sdc';
  expect(read(alone)).toEqual([['untagged', alone]]);
  expect(read(alone, SHAPED, '# systemctl restart shop')).toEqual([
    ['console', 'zpool offline tank sdc'],
    ['console', SHAPED.slice(2)],
    ['console', 'systemctl restart shop'],
  ]);
});

test.each(['# restart the shop', '# make sure that it is there', '# Listen on all ports', '# listen_addresses = x'])(
  'a comment beside it stays one: %s',
  (comment) => {
    expect(read(comment, SHAPED)[0]).toEqual(['untagged', comment]);
  },
);

test('where the prompt is $, a hash begins a comment', () => {
  const comment = '# systemctl restart shop';
  expect(read(comment, '# As the shop\n$ systemctl --user daemon-reload')[0]).toEqual(['untagged', comment]);
});
