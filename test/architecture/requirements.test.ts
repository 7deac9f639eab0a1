import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { citations, judge } from '../../scripts/requirements.mjs';
import { citedIds } from '../harness/reporter.js';
import { verifies } from '../harness/requirements.js';
import { ROOT, trackedTexts } from './sources.js';

const row = (id: string) => ({ id, section: 'RUN', requirement: `what ${id} asks`, from: '+' });
const result = (id: string, state: 'passed' | 'failed' | 'skipped') => ({ title: `a test of ${id}`, state, ids: [id] });

test('a row is proven when each test that cites it passed', () => {
  const cited = { 'a.test.ts': ['RUN-90'], 'b.test.ts': ['RUN-90', 'RUN-91'] };
  const results = {
    'a.test.ts': [result('RUN-90', 'passed')],
    'b.test.ts': [result('RUN-90', 'passed'), result('RUN-91', 'skipped')],
  };
  const lines = judge([row('RUN-90'), row('RUN-91'), row('RUN-92')], cited, results);
  expect(lines.map(({ id, standing }) => [id, standing])).toEqual([
    ['RUN-90', 'proven'],
    ['RUN-91', 'unproven'],
    ['RUN-92', 'uncited'],
  ]);
});

test('one failed test of several leaves its row unproven, and is named', () => {
  const cited = { 'a.test.ts': ['RUN-90'], 'b.test.ts': ['RUN-90'] };
  const results = { 'a.test.ts': [result('RUN-90', 'passed')], 'b.test.ts': [result('RUN-90', 'failed')] };
  expect(judge([row('RUN-90')], cited, results)).toMatchObject([
    { standing: 'unproven', why: 'failed: a test of RUN-90' },
  ]);
});

test('a citation that was never run leaves its row unproven', () => {
  expect(judge([row('RUN-90')], { 'a.test.ts': ['RUN-90'] }, {})).toMatchObject([{ standing: 'unproven' }]);
});

test('an id that is no row is unknown', () => {
  expect(judge([], { 'a.test.ts': ['RUN-99'] }, {})).toMatchObject([{ id: 'RUN-99', standing: 'unknown' }]);
});

test('what a test cites is found in its source and in its title', () => {
  expect(citations("test(verifies('RUN-03', 'another worker takes over'), …)")).toEqual(['RUN-03']);
  expect(citedIds(verifies('RUN-03', 'another worker takes over'))).toEqual(['RUN-03']);
});

test('every row that a test of this checkout cites exists', () => {
  const rows = JSON.parse(readFileSync(join(ROOT, 'docs/requirements.json'), 'utf8')) as { id: string }[];
  const known = new Set(rows.map(({ id }) => id));
  const tests = trackedTexts().filter(
    ({ path }) => path.endsWith('.test.ts') && !path.startsWith('test/architecture/'),
  );
  const strays = tests.flatMap(({ path, text }) =>
    citations(text)
      .filter((id) => !known.has(id))
      .map((id) => `${path}: ${id}`),
  );
  expect(known.size).toBe(rows.length);
  expect(strays).toEqual([]);
});
