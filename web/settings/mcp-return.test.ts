import { expect, test } from 'vitest';
import { returnedWith } from './mcp-return.js';

test('who comes back brings a code, or was refused there', () => {
  expect(returnedWith('?code=c&state=s&iss=https%3A%2F%2Fx.example')).toEqual({
    state: 's',
    code: 'c',
    iss: 'https://x.example',
  });
  expect(returnedWith('?state=s&error=access_denied&error_description=No')).toEqual({ refused: 'access_denied: No' });
  expect(returnedWith('?state=s')).toEqual({ refused: 'without a reason' });
  expect(returnedWith('?code=c')).toBeUndefined();
  expect(returnedWith('')).toBeUndefined();
});
