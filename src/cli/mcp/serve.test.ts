import { describe, expect, test } from 'vitest';
import { elsewhere } from './serve.js';

describe('a room elsewhere', () => {
  test.each([
    ['https://ops.example', 'https://ops.example/mcp'],
    ['https://ops.example/room/', 'https://ops.example/mcp'],
    ['http://127.0.0.1:4310', 'http://127.0.0.1:4310/mcp'],
    ['http://[::1]:4310', 'http://[::1]:4310/mcp'],
    ['http://localhost:4310', 'http://localhost:4310/mcp'],
  ])('at %s is asked at %s', (given, url) => {
    expect(elsewhere({ apiKey: 'opsr_k' }, given)).toEqual({ url, key: 'opsr_k' });
  });

  test.each<[string, string | undefined, string]>([
    ['http://ops.example', 'opsr_k', 'in clear'],
    ['http://127.0.0.1.evil.example', 'opsr_k', 'in clear'],
    ['ops.example', 'opsr_k', 'no address'],
    ['file:///etc/passwd', 'opsr_k', 'no address'],
    ['https://ops.example', undefined, 'asks for a key'],
    ['https://ops.example', '${OPSROOM_API_KEY}', 'is not set'],
  ])('at %s with the key %s is refused', (url, apiKey, words) => {
    expect(() => elsewhere({ apiKey }, url)).toThrow(words);
  });
});
