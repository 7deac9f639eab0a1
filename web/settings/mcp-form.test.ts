import { describe, expect, test } from 'vitest';
import { bodyOf, EMPTY_FORM, formLacks, wordsOf } from './mcp-form.js';

describe('the form of an MCP server', () => {
  test('a command line is words, and nothing is a sign for a shell', () => {
    expect(wordsOf(`npx -y "@a/b c" '/srv/x y' $HOME;rm`)).toEqual(['npx', '-y', '@a/b c', '/srv/x y', '$HOME;rm']);
  });

  test('becomes what the API takes', () => {
    const values = 'Authorization = Bearer {{ secrets.TOKEN }}\n\nno sign';
    expect(bodyOf({ name: 'a', way: 'http', where: ' https://a.example/mcp ', values })).toEqual({
      name: 'a',
      transport: 'http',
      url: 'https://a.example/mcp',
      headers: { Authorization: 'Bearer {{ secrets.TOKEN }}' },
    });
    expect(bodyOf({ name: 'b', way: 'stdio', where: 'npx -y server', values: '' })).toEqual({
      name: 'b',
      transport: 'stdio',
      command: 'npx',
      args: ['-y', 'server'],
      env: {},
    });
  });

  test('says what it lacks', () => {
    expect(formLacks(EMPTY_FORM)).toContain('Name it');
    expect(formLacks({ ...EMPTY_FORM, name: 'a' })).toBe('Give its address.');
    expect(formLacks({ ...EMPTY_FORM, name: 'a', where: 'https://a.example' })).toBeUndefined();
  });
});
