import { expect, test } from 'vitest';
import { toldParts } from './told-parts.js';

test('code of a question keeps its lines and loses its indent, words stay words', () => {
  const told =
    'It is not taken back easily: it deletes. Say yes only if it is meant:\n\n    rm -rf live\n\n      mv a b\n\nReally?';
  expect(toldParts(told)).toEqual([
    { code: false, text: 'It is not taken back easily: it deletes. Say yes only if it is meant:' },
    { code: true, text: 'rm -rf live\n\n  mv a b' },
    { code: false, text: 'Really?' },
  ]);
  expect(toldParts('Look at the wall.')).toEqual([{ code: false, text: 'Look at the wall.' }]);
  expect(toldParts('\n    \n')).toEqual([]);
});
