import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { decideBlocks } from './decide.js';

/**
 * Procedures in several languages. A comment at the end says by some text of a block that it is a step, a check, a rollback, or a
 * precondition: `<!-- run: make deploy ; verify: curl -f -->`.
 */
const FOLDER = new URL('../../../../test/fixtures/runbook-roles/', import.meta.url);
const grammar = await loadShellGrammar();

test.each(readdirSync(FOLDER))('%s', (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const document = readMarkdown(text, file);
  const decisions = decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
  const [, told = ''] = /<!-- (.*) -->/.exec(text) ?? [];
  expect(told).not.toBe('');
  for (const part of told.split(' ; ')) {
    const [label, named = ''] = part.split(': ');
    for (const one of named.split(' | ')) {
      const found = decisions.filter(({ block }) => block.kind === 'code' && block.text.includes(one));
      expect([one, found.map((decision) => decision.label)]).toEqual([one, expect.arrayContaining([label])]);
    }
  }
});
