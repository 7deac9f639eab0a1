import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';
import { START_MS, TestHome } from '../harness/home.js';
import { fences } from './markdown.js';

const home = new TestHome();
afterAll(() => home.close());

/** What differs from run to run: times, the files' names, and how wide that makes a column. */
const settled = (text: string): string[] =>
  text
    .replaceAll(/\d+(\.\d+)? (ms|s)\b/g, 'TIME')
    .replaceAll(/\S+\.json\b/g, 'FILE')
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '');

test('the README shows what `npm start -- --once` prints', { timeout: START_MS }, async () => {
  const { stdout, code } = await home.start(['start', '--port', '0', '--once']).finished;
  expect(code).toBe(0);
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const shown = fences({ path: 'README.md', text }).find((fence) => fence.text.startsWith('First run'));
  const printed = settled(stdout);
  const from = printed.findIndex((line) => line.startsWith('First run'));
  // Between the two the run is named, with its user and its time.
  expect(settled(shown?.text ?? '')).toEqual(printed.slice(from).filter((line) => !line.startsWith('run ')));
});
