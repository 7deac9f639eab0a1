import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import { renderedTarget } from './submit.js';

test('an address that an input leaves empty is none that the target allows', () => {
  const asked = { target: { environment: 'dev', allowAddresses: ['{{ inputs.address }}'] } } as unknown as Plan;
  expect(renderedTarget(asked, { address: '' })).toEqual({ environment: 'dev', allowAddresses: [] });
  expect(renderedTarget(asked, { address: '10.0.0.5' })).toMatchObject({ allowAddresses: ['10.0.0.5'] });
});

test('an address that two inputs name is allowed once', () => {
  const asked = { target: { allowAddresses: ['{{ inputs.from }}', '{{ inputs.to }}'] } } as unknown as Plan;
  const same = { from: '127.0.0.1', to: '127.0.0.1' };
  expect(renderedTarget(asked, same)).toEqual({ allowAddresses: ['127.0.0.1'] });
});
