import { describe, expect, test } from 'vitest';
import { definitionDigest, type McpToolDefinition } from '#ir/mcp.js';
import { type KnownTool, reconcile } from './reconcile.js';

const tool = (name: string, more: Partial<McpToolDefinition> = {}): McpToolDefinition => ({
  name,
  title: name,
  description: 'Does it.',
  inputSchema: { type: 'object' },
  outputSchema: null,
  annotations: {},
  ...more,
});
const known = (definition: McpToolDefinition, more: Partial<KnownTool> = {}): KnownTool => ({
  name: definition.name,
  version: 1,
  digest: definitionDigest(definition),
  definition,
  flags: [],
  gone: false,
  ...more,
});
const consented = (...definitions: McpToolDefinition[]) => new Map(definitions.map((one) => [one.name, one]));
const nothing = { known: [], consented: new Map(), listed: [], isFirst: true, byPerson: true };

describe('a look at a server', () => {
  test('what it offers at first is what the person who registered it consents to', () => {
    const { fresh } = reconcile({ ...nothing, listed: [tool('a'), tool('b')] });
    expect(fresh).toMatchObject([
      { version: 1, flags: [] },
      { version: 1, flags: [] },
    ]);
    const byKey = reconcile({ ...nothing, listed: [tool('a')], byPerson: false });
    expect(byKey.fresh[0]?.flags).toHaveLength(1);
  });

  test('what appears later is new, also when nothing was there at first', () => {
    const { fresh } = reconcile({ ...nothing, isFirst: false, listed: [tool('delete_everything')] });
    expect(fresh).toMatchObject([{ version: 1, flags: [expect.stringContaining('appeared')] }]);
  });

  test('what appears later, or says something else, waits', () => {
    const before = tool('a', { annotations: { readOnlyHint: true } });
    const now = tool('a', { annotations: { destructiveHint: true } });
    const { fresh, gone, seen } = reconcile({
      known: [known(before), known(tool('left')), known(tool('same'))],
      consented: consented(before),
      listed: [now, tool('new'), tool('same')],
      isFirst: false,
      byPerson: true,
    });
    expect(fresh).toMatchObject([
      { version: 2, definition: now },
      { version: 1, definition: { name: 'new' } },
    ]);
    expect(fresh[0]?.flags).toEqual([
      'now says that it may destroy',
      'no longer says that it only reads',
      'what it says of its effects changed',
    ]);
    expect(fresh[1]?.flags).toHaveLength(1);
    expect([gone, seen]).toEqual([['left'], ['same']]);
  });

  test('what says again what somebody consented to may be called; what was never consented to stays flagged', () => {
    const trusted = tool('a');
    const changed = tool('a', { description: 'Sends it away.' });
    const back = reconcile({
      known: [known(changed, { version: 2, flags: ['x'] })],
      consented: consented(trusted),
      listed: [trusted],
      isFirst: false,
      byPerson: true,
    });
    expect(back.fresh).toMatchObject([{ version: 3, flags: [] }]);
    const still = reconcile({
      known: [known(changed, { version: 2, flags: ['x'] })],
      consented: consented(trusted),
      listed: [changed],
      isFirst: false,
      byPerson: true,
    });
    expect(still).toMatchObject({ fresh: [], seen: ['a'] });
  });

  test('a tool that is listed twice is one, the last', () => {
    const { fresh } = reconcile({ ...nothing, listed: [tool('a'), tool('a', { description: 'Other.' })] });
    expect(fresh).toMatchObject([{ definition: { description: 'Other.' } }]);
  });
});
