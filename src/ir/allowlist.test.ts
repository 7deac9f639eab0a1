import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Allowlist, judgeCall, toolPatternsSchema } from './allowlist.js';

const allows = (pattern: string, name: string): boolean => 'by' in judgeCall(name, [{ of: 'plan', tools: [pattern] }]);

describe('an entry', () => {
  test.each([
    ['shell', 'shell', true],
    ['shell', 'shell:git', true],
    ['shell:git', 'shell', false],
    ['shell:git', 'shell:gitx', false],
    ['mcp', 'mcp:github:clone', true],
    ['mcp:github', 'mcp:github:clone', true],
    ['mcp:github:*', 'mcp:github:clone', true],
    ['mcp:github:*', 'mcp:github', false],
    ['mcp:*:list_*', 'mcp:github:list_repos', true],
    ['mcp:*:list_*', 'mcp:github:delete', false],
    ['mcp:git*', 'mcp:gitlab:x', true],
    ['*', 'anything:at:all', true],
    ['s*l', 'sl', true],
    ['sh*hell', 'shell', false],
    ['http', 'shell', false],
  ])('%s names %s: %s', (pattern, name, expected) => expect(allows(pattern, name)).toBe(expected));

  test('means what the same expression would mean', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(letters, names, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(allows(pattern, name)).toBe(expression.test(name));
      }),
    );
  });

  test('of many stars costs nothing', () => {
    expect(allows(`${'a*'.repeat(90)}b`, 'a'.repeat(180))).toBe(false);
    expect(toolPatternsSchema.safeParse(['rm -rf', 'x']).success).toBe(false);
  });
});

test('every list must name a call; the first that does not is told', () => {
  const plan: Allowlist = { of: 'plan', tools: ['mcp:*', 'shell'] };
  const session: Allowlist = { of: 'session', tools: ['mcp:github:*'] };
  expect(judgeCall('mcp:github:clone', [plan, session])).toEqual({
    by: [
      { of: 'plan', entry: 'mcp:*' },
      { of: 'session', entry: 'mcp:github:*' },
    ],
  });
  expect(judgeCall('shell', [plan, session])).toEqual({ against: session });
  expect(judgeCall('shell', [])).toEqual({ by: [] });
  expect(judgeCall('shell', [{ of: 'run', tools: [] }])).toMatchObject({ against: { of: 'run' } });
});
