import { expect, test } from 'vitest';
import { sqlTarget, tlsMode } from './target.js';

test('reads a database url by itself', () => {
  expect(sqlTarget('postgresql://u:p%40ss@db.example/shop?sslmode=verify-full&application_name=x')).toEqual({
    engine: 'postgres',
    host: 'db.example',
    port: 5432,
    user: 'u',
    password: 'p@ss',
    database: 'shop',
    tls: 'verified',
  });
  expect(sqlTarget('mariadb://u@[2606:4700::1]:3307')).toMatchObject({
    engine: 'mysql',
    host: '2606:4700::1',
    port: 3307,
    password: '',
    database: 'u',
    tls: undefined,
  });
});

test.each([
  'postgres://u:p@db.example/x?host=/var/run/postgresql',
  'postgres://u:p@db.example/x?sslrootcert=/etc/passwd',
  'postgres://u:p@db.example/x?HOST=127.0.0.1',
  'mysql://u:p@db.example/x?socketPath=/run/mysqld.sock',
  'postgres://db.example/x',
  'postgres://u:%zz@db.example/x',
])('%s is refused', (url) => {
  expect(() => sqlTarget(url)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
});

test('the engine that is named must be the one of the url', () => {
  expect(() => sqlTarget('mysql://u@db.example/x', 'postgres')).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  );
});

test('a public address is spoken to over verified TLS unless the url says otherwise', () => {
  expect(tlsMode(undefined, true)).toBe('verified');
  expect(tlsMode(undefined, false)).toBe('off');
  expect(tlsMode('any', true)).toBe('any');
  expect(tlsMode('off', true)).toBe('off');
});
