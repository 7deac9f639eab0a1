import { expect, test } from 'vitest';
import { agreedBefore, changesOf } from './mcp-changes.js';

const echo = {
  title: '',
  description: 'Says it again.',
  annotations: { readOnlyHint: true },
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  outputSchema: null,
};

test('what a tool says otherwise than before is told place by place', () => {
  expect(changesOf(echo, echo)).toEqual([]);
  const properties = { text: { type: 'string' }, to: { type: 'string' } };
  const after = { ...echo, description: 'Says it to somebody.', inputSchema: { ...echo.inputSchema, properties } };
  expect(changesOf(echo, after)).toEqual([
    { path: 'description', before: 'Says it again.', after: 'Says it to somebody.' },
    { path: 'arguments.properties.to.type', before: undefined, after: 'string' },
  ]);
  expect(changesOf(after, echo)[1]).toEqual({
    path: 'arguments.properties.to.type',
    before: 'string',
    after: undefined,
  });
});

test('it is held against what was agreed to last', () => {
  const version = (n: number, consentedAt: string | null) => ({ version: n, consentedAt });
  const versions = [version(4, null), version(3, null), version(2, 'then'), version(1, 'before')];
  expect(agreedBefore(versions, 4)?.version).toBe(2);
  expect(agreedBefore(versions, 1)).toBeUndefined();
});
