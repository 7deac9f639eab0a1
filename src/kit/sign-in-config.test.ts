import { expect, test } from 'vitest';
import { loadConfig } from './config.js';

const OIDC = {
  OPSROOM_OAUTH_OIDC_ISSUER: 'https://id.example/realm/',
  OPSROOM_OAUTH_OIDC_CLIENT_ID: 'opsroom',
  OPSROOM_OAUTH_OIDC_CLIENT_SECRET: 'secret',
};

test('a provider counts when it is whole', () => {
  const { OPSROOM_OAUTH_OIDC_ISSUER: _, ...noIssuer } = OIDC;
  const half = { OPSROOM_OAUTH_GITHUB_CLIENT_ID: 'id' };
  expect(loadConfig({ ...half, ...noIssuer }).signIn.providers).toEqual([]);
  const { providers } = loadConfig({ ...half, ...OIDC, OPSROOM_OAUTH_GITHUB_CLIENT_SECRET: 'secret' }).signIn;
  expect(providers).toEqual([
    { id: 'github', name: 'GitHub', clientId: 'id', clientSecret: 'secret' },
    {
      id: 'oidc',
      name: 'OpenID Connect',
      clientId: 'opsroom',
      clientSecret: 'secret',
      issuer: 'https://id.example/realm',
    },
  ]);
});

test('the list of who may come in', () => {
  const { allow } = loadConfig({
    OPSROOM_OAUTH_ALLOW: 'Ada@ops.example:owner, *@Ops.example:viewer,bob@x.example',
  }).signIn;
  expect(allow).toEqual([
    { who: 'ada@ops.example', role: 'owner' },
    { who: '@ops.example', role: 'viewer' },
    { who: 'bob@x.example', role: 'operator' },
  ]);
});

test('an address of its own is an origin', () => {
  expect(loadConfig({ OPSROOM_PUBLIC_URL: 'https://Ops.example/' }).signIn.publicUrl).toBe('https://ops.example');
});

test.each([
  ['OPSROOM_PUBLIC_URL', 'ops.example'],
  ['OPSROOM_PUBLIC_URL', 'https://ops.example/room'],
  ['OPSROOM_PUBLIC_URL', 'javascript:alert(1)'],
  ['OPSROOM_OAUTH_OIDC_ISSUER', 'ftp://id.example'],
  ['OPSROOM_OAUTH_ALLOW', '*'],
  ['OPSROOM_OAUTH_ALLOW', 'ops.example'],
  ['OPSROOM_OAUTH_ALLOW', 'ada@ops.example:admin'],
])('%s=%s is refused by its name', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(name) }),
  );
});
