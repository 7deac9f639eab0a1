import { describe, expect, test } from 'vitest';
import { safeUrl } from './urls.js';

const http = { schemes: { 'http:': 80, 'https:': 443 } };

describe('safeUrl', () => {
  test.each([
    ['http://example.com/a?b=c#d', 'example.com', 80],
    ['https://EXAMPLE.com', 'example.com', 443],
    ['http://127.0.0.1:8080/', '127.0.0.1', 8080],
    ['http://[::1]:9/', '::1', 9],
    ['http://localhost:80/', 'localhost', 80],
    ['https://bücher.example/', 'xn--bcher-kva.example', 443],
  ])('%s goes to %s:%i', (text, host, port) => {
    expect(safeUrl(text, http)).toMatchObject({ host, port });
  });

  test.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::7f00:1]/',
    'http://user@127.0.0.1/',
    'http://example.com@127.0.0.1/',
    'http://example.com:80@127.0.0.1/',
    'http://example.com./',
    'http://example.com\\@127.0.0.1/',
    'http://example.com\t/',
    ' http://example.com/',
    'http://exa\u0000mple.com/',
    'http:example.com',
    'http:///example.com',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'javascript:alert(1)',
    '//example.com/',
    '',
  ])('%j is refused', (text) => {
    expect(() => safeUrl(text, http)).toThrow(expect.objectContaining({ code: 'ADDRESS_REFUSED' }));
  });

  test.each([
    'postgres://u:p@2130706433/db',
    'postgres://u:p@0x7f.1/db',
    'postgres://u:p@%2fvar%2frun/db',
    'postgres://u:p@127.0.0.1./db',
    'postgres:///db',
    'postgres://u@[::ffff:7f00:1]/db',
  ])('%s is refused as a database, too', (text) => {
    expect(() => safeUrl(text, { schemes: { 'postgres:': 5432 }, userInfo: true })).toThrow(
      expect.objectContaining({ code: 'ADDRESS_REFUSED' }),
    );
  });

  test('the message does not repeat a password', () => {
    expect(() => safeUrl('postgres://u:hunter2@127.1/db', { schemes: { 'postgres:': 5432 }, userInfo: true })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
