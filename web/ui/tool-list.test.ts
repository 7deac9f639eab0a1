import { expect, test } from 'vitest';
import { listProblem, namesNothing, nothingText, pickable, toolsIn, withTool } from './tool-list.js';

const REGISTERED = ['mcp:every:echo', 'mcp:every:get-sum', 'mcp:files:write_file'];

test('an entry that is no name of a tool is named by its line', () => {
  expect(listProblem('shell\nmcp:github:*\n')).toBeUndefined();
  expect(listProblem('shell\n\nhttp ok!!\n!!')).toContain('line 3: “ok!!”, line 4: “!!”.');
  expect(toolsIn('shell\n\nhttp ok!!')).toEqual(['shell', 'http', 'ok!!']);
  expect(listProblem('! '.repeat(9))).toContain('and 4 more');
});

test('a name that nothing has is told, with its line; what the room can call is not', () => {
  const known = ['shell', 'shell:git', 'sql', 'mcp', 'mcp:*', '*', 'mcp:every:*', 'mcp:files', 'mcp:*:get-*', 's*'];
  expect(namesNothing(known.join('\n'), REGISTERED)).toEqual([]);
  const unknown = namesNothing('shel\nmcp:every:echo\nmcp:evry:echo\nmcp:every:get-suum\n!!', REGISTERED);
  expect(unknown.map(({ line }) => line)).toEqual([1, 3, 4]);
  expect(nothingText(unknown)).toContain('line 3: mcp:evry:echo');
});

test('a tool that is picked stands on a line of its own, once', () => {
  expect(withTool('', ' shell ')).toBe('shell');
  expect(withTool('shell\n', 'http')).toBe('shell\nhttp');
  expect([withTool('shell', 'shell'), withTool('shell', '')]).toEqual(['shell', 'shell']);
  expect(pickable(REGISTERED)).toContain('mcp:every:echo');
  expect(pickable([])).not.toContain('mcp');
});
