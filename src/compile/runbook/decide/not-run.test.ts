import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { offerChoices } from '../ways/alternatives.js';
import { decideBlocks } from './decide.js';

/**
 * Documents as operators write them, each with a block that nobody runs who follows it: a list, a file, output, what was done once,
 * what is for another machine or another case. A comment at the end names these blocks, and those that do run, by some text of them.
 */
const FOLDER = new URL('../../../../test/fixtures/not-run/', import.meta.url);
const grammar = await loadShellGrammar();

function labelsIn(file: string, text: string) {
  const document = readMarkdown(text, file);
  const decided = decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
  return offerChoices(decided, undefined, (script) => shellFacts(script, grammar)).decisions;
}

/** `<!-- never: make wipe | make drop ; run: make deploy -->` */
function namedIn(text: string, word: 'never' | 'run'): string[] {
  const [, named = ''] = new RegExp(`<!--.*\\b${word}: (.*?)(?: ;| -->)`).exec(text) ?? [];
  return named.split(' | ').filter((one) => one !== '');
}

test.each(readdirSync(FOLDER))('%s', (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const decisions = labelsIn(file, text);
  const decided = (named: string) => decisions.findLast(({ block }) => block.text.includes(named));
  const never = namedIn(text, 'never');
  expect(never).not.toEqual([]);
  for (const named of never) {
    expect([named, decided(named) !== undefined]).toEqual([named, true]);
    const found = decided(named);
    expect([named, found?.choice === undefined && found?.label === 'run']).toEqual([named, false]);
  }
  for (const named of namedIn(text, 'run')) {
    const found = decisions.find(({ block }) => block.text.includes(named));
    expect([named, found?.label, found?.rule]).toEqual([named, 'run', expect.any(String)]);
  }
});
