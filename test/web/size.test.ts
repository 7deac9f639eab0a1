import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';

const WEB = join(ROOT, 'dist/web');
/** What a person on a slow line waits for before anything is drawn. */
const MOST_BYTES = 250_000;

test('what the first page needs before it draws is below 250 kB of JavaScript, compressed', () => {
  const index = readFileSync(join(WEB, 'index.html'), 'utf8');
  const scripts = [...index.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.map((path) => gzipSync(readFileSync(join(WEB, path))).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

test('the page brings everything along: nothing comes from elsewhere, and nothing runs inline', () => {
  const index = readFileSync(join(WEB, 'index.html'), 'utf8');
  expect(index).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(index).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
});
