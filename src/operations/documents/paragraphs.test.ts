import { expect, test } from 'vitest';
import { paragraphsOf } from './paragraphs.js';

test('paragraphs are counted on their page, and a blank line belongs to the one before it', () => {
  expect(paragraphsOf('\na\nb\n\nc\nd\n\ne', [1, 6])).toEqual([0, 1, 1, 1, 2, 1, 1, 2]);
});
