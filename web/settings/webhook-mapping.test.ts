import { expect, test } from 'vitest';
import { mappingOf } from './webhook-mapping.js';

test('each line is an input and its expression, which may hold further equals signs', () => {
  const text = 'ref = payload.after\n\n  urgent=payload.ref == "refs/heads/main"  \n';
  expect(mappingOf(text)).toEqual({ ref: 'payload.after', urgent: 'payload.ref == "refs/heads/main"' });
  expect(mappingOf('')).toEqual({});
  expect(mappingOf('nonsense')).toEqual({ nonsense: '' });
});
