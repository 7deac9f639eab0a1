import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  definitionChanges,
  definitionDigest,
  type McpConnection,
  mcpConnectionSchema,
  mcpName,
  parseMcpName,
  readDefinition,
  secretsOfConnection,
  withSecrets,
} from './mcp.js';

test('a name of a step has a server and a tool; the tool may hold colons', () => {
  expect(parseMcpName('mcp:github:create_pr')).toEqual({ server: 'github', tool: 'create_pr' });
  expect(parseMcpName('mcp:a:b:c')).toEqual({ server: 'a', tool: 'b:c' });
  for (const other of ['mcp', 'mcp:', 'mcp:a', 'mcp::b', 'shell', 'xmcp:a:b'])
    expect(parseMcpName(other)).toBeUndefined();
  expect(mcpName({ server: 'a', tool: 'b' })).toBe('mcp:a:b');
});

describe('a connection', () => {
  const remote = (more: object) =>
    mcpConnectionSchema.safeParse({ transport: 'http', url: 'https://a.example', ...more });

  test('names its secrets, and is given them', () => {
    const connection: McpConnection = {
      transport: 'http',
      url: 'https://{{ secrets.HOST }}/mcp',
      headers: { Authorization: 'Bearer {{secrets.TOKEN}}', 'X-Team': 'shop' },
      allowAddresses: [],
    };
    expect(secretsOfConnection(connection)).toEqual(['HOST', 'TOKEN']);
    const filled = withSecrets(connection, (name) => `<${name}>`);
    expect(filled).toMatchObject({
      url: 'https://<HOST>/mcp',
      headers: { Authorization: 'Bearer <TOKEN>', 'X-Team': 'shop' },
    });
  });

  test('a secret that looks like a reference is not looked up', () => {
    const connection: McpConnection = {
      transport: 'stdio',
      command: 'x',
      args: [],
      env: { A_TOKEN: '{{ secrets.A }}' },
    };
    expect(withSecrets(connection, () => '{{ secrets.B }} $& $1').transport === 'stdio').toBe(true);
    expect(withSecrets(connection, () => '{{ secrets.B }} $& $1')).toMatchObject({
      env: { A_TOKEN: '{{ secrets.B }} $& $1' },
    });
  });

  test.each([
    [{ headers: { Authorization: 'Bearer abc' } }, false],
    [{ headers: { 'X-Api-Key': 'abc' } }, false],
    [{ headers: { Authorization: '{{ secrets.A }}' } }, true],
    [{ headers: { Accept: '{{ inputs.a }}' } }, false],
    [{ url: 'ws://a.example' }, false],
    [{ url: '{{ secrets.URL }}' }, true],
    [{ headers: { 'bad name': 'x' } }, false],
    [{ command: 'x' }, false],
  ])('%j: %s', (more, fits) => expect(remote(more).success).toBe(fits));
});

describe('a definition', () => {
  const raw = { name: 'act', description: 'Does it.', inputSchema: { type: 'object' } };

  test('whatever a server says gives a definition or a refusal', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (name, inputSchema) => {
        const read = readDefinition({ name, inputSchema });
        expect('refused' in read || typeof read.name === 'string').toBe(true);
      }),
    );
    expect(readDefinition({ ...raw, name: 'a\u001b[2J' })).toHaveProperty('refused');
    expect(readDefinition({ ...raw, description: 'x'.repeat(100_000) })).toHaveProperty('refused');
  });

  test('shows what would hide in it, and keeps hints that are true or false alone', () => {
    const read = readDefinition({
      ...raw,
      description: 'Reads.\u202e\u200b\u001b[31m',
      annotations: { readOnlyHint: true, destructiveHint: 'no', other: true },
    });
    expect(read).toMatchObject({ description: 'Reads.\uFFFD\uFFFD\uFFFD[31m', annotations: { readOnlyHint: true } });
    expect(read).not.toHaveProperty('annotations.destructiveHint');
  });

  test('is another exactly when something of it changed', () => {
    const text = fc.string({ maxLength: 3 });
    const arbitrary = fc.record({
      name: fc.constant('act'),
      title: text,
      description: text,
      inputSchema: fc.record({ type: text }),
      outputSchema: fc.option(fc.record({ type: text })),
      annotations: fc.record({ destructiveHint: fc.boolean() }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(arbitrary, arbitrary, (one, other) => {
        const same = definitionDigest(one) === definitionDigest(other);
        expect(definitionChanges(one, other).length === 0).toBe(same);
      }),
    );
  });
});
