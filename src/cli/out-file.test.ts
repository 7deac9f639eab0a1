import { expect, test } from 'vitest';
import { unwritable } from './out-file.js';

const refused = (cause: NodeJS.ErrnoException) => () => unwritable('bundle.json')(cause);

test('a file that the system refuses is told; a fault of the program is not laid at its door', () => {
  expect(refused(Object.assign(new Error('EACCES'), { code: 'EACCES' }))).toThrow('cannot be written: EACCES');
  const fault = new TypeError('no text');
  expect(refused(fault)).toThrow(fault);
});
