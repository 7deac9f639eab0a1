import { expect, test } from 'vitest';
import { approvalText, readApprovals } from './approval.js';

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
  expect(read.map(approvalText)).toEqual([
    'person:ada@ops.example as owner at 2026-11-21T06:16:22.000Z: Fine. (p)',
    'user:grace, breaking the glass at then',
  ]);
});
