import { expect, test } from 'vitest';
import { saidOf } from './said.js';

test('the glass is broken by two people; one alone has asked for it', () => {
  const both = { glassBrokenBy: ['person:ada', 'person:ben'] };
  const nobody = { glassBrokenBy: [] };
  expect(saidOf({ verdict: 'approve', breakGlass: true }, both)).toBe('broke');
  expect(saidOf({ verdict: 'approve', breakGlass: true }, nobody)).toBe('askedToBreak');
  expect(saidOf({ breakGlass: false }, both)).toBe('approved');
  expect(saidOf({ verdict: 'reject', breakGlass: false }, nobody)).toBe('rejected');
});
