import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '#kit/errors.js';
import { errorsPage } from '../../scripts/docs.mjs';
import { ROOT, sourcesBelow, withoutComments } from './sources.js';

test('docs/errors.md says what the catalogue says', () => {
  expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')).toBe(errorsPage(CATALOGUE));
});

test('each code stands in one group, in the order of the alphabet, and in the catalogue', async () => {
  const files = readdirSync(join(ROOT, 'src/kit/errors')).filter((name) => name !== 'entry.ts');
  const groups: string[][] = [];
  for (const file of files) {
    const group = (await import(join(ROOT, 'src/kit/errors', file))) as Record<string, object>;
    groups.push(Object.values(group).flatMap((codes) => Object.keys(codes)));
  }
  for (const codes of groups) expect(codes).toEqual(codes.toSorted());
  expect(Object.keys(CATALOGUE).toSorted()).toEqual(groups.flat().toSorted());
});

test('each error of the catalogue is raised somewhere', () => {
  const code = sourcesBelow('src')
    .filter((source) => !source.path.startsWith('src/kit/errors'))
    .map((source) => withoutComments(source.text))
    .join('\n');
  expect(Object.keys(CATALOGUE).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});

test('each error says what happened and how to mend it, in sentences', () => {
  const sentence = /^[A-Z].*\.$/;
  for (const [name, { what, mend }] of Object.entries(CATALOGUE)) {
    expect(what, name).toMatch(sentence);
    expect(mend, name).toMatch(sentence);
  }
});
