import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';
import { type Statement, statements, testTitles, titlesOf } from './citations.js';

const NOT_PROMISED = 'What we do not guarantee';

const pageOf = (body: string) => `# T\nIntro.\n## A\n${body}`;
const shown = (found: readonly Statement[]) => found.map(({ line, text }) => `${line}: ${text}`);

describe('reading', () => {
  test('titles are those of tests that run and are expected to pass', () => {
    const source = `
      describe('group', () => {
        test('plain', () => {});
        test(verifies('RUN-01', 'cited'), { timeout: 1 }, async () => {});
        test.each([['a']])(verifies('RUN-02', 'case %s'), () => {});
        test.skipIf(missing('bwrap'))('with a part', () => {});
        test.fails('known defect', () => {});
        test.todo('later');
      });`;
    expect([...titlesOf(source)]).toEqual(['plain', 'cited', 'case %s', 'with a part']);
  });

  test('a promise in prose, or with something else below it, is refused', () => {
    const one = statements(pageOf('- One,\n  and more.\n  - `a.test.ts` › it holds\n'), () => true);
    expect(one).toEqual([
      { heading: 'A', line: 4, text: 'One, and more.', citations: [{ file: 'a.test.ts', title: 'it holds' }] },
    ]);
    expect(() => statements(pageOf('We promise.\n'), () => true)).toThrow('line 4');
    expect(() => statements(pageOf('- One.\n  - see there\n'), () => true)).toThrow('line 5');
  });
});

const PAGES = [
  { page: 'docs/guarantees.md', isPromise: (heading: string) => heading !== NOT_PROMISED, least: 60 },
  { page: 'docs/threat-model.md', isPromise: (heading: string) => heading === 'What stops it', least: 30 },
];

describe.each(PAGES)('$page', ({ page, isPromise, least }) => {
  const promises = statements(readFileSync(join(ROOT, page), 'utf8'), isPromise);

  test('promises something', () => expect(promises.length).toBeGreaterThan(least));

  test('every promise is one sentence', () => {
    expect(shown(promises.filter(({ text }) => !/^[A-Z`].*[^.]\.$/.test(text) || /[.;] [A-Z]/.test(text)))).toEqual([]);
  });

  test('every promise cites a test', () => {
    expect(shown(promises.filter(({ citations }) => citations.length === 0))).toEqual([]);
  });

  test('every test that is cited exists, runs, and is expected to pass', () => {
    const lost = promises.flatMap(({ line, citations }) =>
      citations
        .filter(({ file, title }) => !existsSync(join(ROOT, file)) || !testTitles(file).has(title))
        .map(({ file, title }) => `${line}: ${file} › ${title}`),
    );
    expect(lost).toEqual([]);
  });
});

test('what is not promised is said, and what is left of each threat', () => {
  expect(readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8')).toContain(`\n## ${NOT_PROMISED}\n`);
  const threats = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
  const count = (heading: string) => threats.split(`\n### ${heading}\n`).length;
  expect(count('What is left')).toBe(count('What stops it'));
});
