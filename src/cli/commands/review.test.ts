import { expect, test } from 'vitest';
import { reviewedText } from './review.js';

const item = (from: number, rule: string, ask?: string) => ({ rule, ask, lines: { from, to: from + 2 } });

test('a review names the blocks that no longer ask, and counts as the explanation does', () => {
  const items = [
    item(1, 'item-holds-code'),
    item(3, 'destructive', '`rm` removes files'),
    item(7, 'destructive', '`dd`'),
  ];
  expect(reviewedText('a.md', items, ['leave_out', 'run', 'skip'], 'a.md.lock')).toEqual([
    'Reviewed 2 blocks: a.md.lock',
    'Runs without asking, as long as the file stays as it was reviewed:',
    '  a.md:3-5  `rm` removes files',
  ]);
  expect(reviewedText('a.md', [item(1, 'procedure')], ['run'], 'a.md.lock')).toEqual(['Reviewed 1 block: a.md.lock']);
});
