import { expect, test } from 'vitest';
import { alone } from '../../vitest.config.js';
import { trackedTexts } from './sources.js';

test('what replaces a module beside the code has a process of its own', () => {
  const found = trackedTexts()
    .filter(({ path }) => /^(?:src|web)\/.*\.test\.ts$/.test(path))
    .filter(({ text }) => /\bvi\.(?:mock|doMock|resetModules)\(/.test(text));
  expect(found.length).toBeGreaterThan(0);
  expect(found.map(({ path }) => path).filter((path) => !alone.includes(path))).toEqual([]);
});
