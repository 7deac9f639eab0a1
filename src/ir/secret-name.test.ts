import { expect, test } from 'vitest';
import { isSecretName } from './secret-name.js';

test.each([
  'token',
  'db_password',
  'API-KEY',
  'accessToken',
  'SMTP_PASSWD',
  'apiKey',
  'PGPASSWORD',
  'MYSQL_PWD',
  'DB_PASS',
  'ssh_key',
  'DATABASE_URL',
  'SENTRY_DSN',
  'dbpass',
  'OPENAIAPIKEY',
  'REDIS_URL',
  'MONGO_URI',
  'master_key',
  'SECURITY_KEY',
  'OLD_KEY',
])('%s is a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  'max_tokens',
  'secret_name',
  'partition_key',
  'monkey_key',
  'password_file',
  'monkey',
  'way',
  'compass_word',
  'PWD',
  'bypass',
  'base_url',
  'first_pass',
  'build_pass',
  'OLD_PWD',
  'totoken',
])('%s is none', (name) => {
  expect(isSecretName(name)).toBe(false);
});
