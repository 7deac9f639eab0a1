import { expect, test } from 'vitest';
import { approvalTexts, readApprovals } from './approval.js';

test('who agreed is read from a proof, in whatever else it holds, and said in words', () => {
  const one = {
    by: 'person:ada@ops.example',
    at: '2026-11-21T06:16:22.000Z',
    role: 'owner',
    reason: 'Fine.',
    policies: ['p'],
  };
  const read = readApprovals([
    one,
    { by: 'user:grace', at: 'then', policy: 'two-eyes', breakGlass: true },
    'x',
    null,
    { by: 1 },
  ]);
  expect(approvalTexts(read)).toEqual([
    'person:ada@ops.example as owner at 2026-11-21T06:16:22.000Z: Fine. (p)',
    'user:grace, who alone asked to break the glass, at then',
  ]);
});

test('only two people break the glass: one who asks twice is one', () => {
  const asks = (by: string) => ({ by, at: 'then', breakGlass: true });
  expect(approvalTexts([asks('a'), { by: 'b', at: 'then' }, asks('a')])).toEqual([
    'a, who alone asked to break the glass, at then',
    'b at then',
    'a, who alone asked to break the glass, at then',
  ]);
  expect(approvalTexts([asks('a'), asks('b')])).toEqual([
    'a, breaking the glass at then',
    'b, breaking the glass at then',
  ]);
});
