import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission } from '#identity/permissions.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

const OTHER = '00000000-0000-7000-8000-000000000002';
let api: TestApi;

beforeAll(async () => {
  api = await testApi();
  const text = "insert into opsroom.organisations (id, slug, name) values ($1, 'other', 'Other')";
  await api.db.database.engine.query(text, [OTHER]);
});
afterAll(() => api.close());

const runsWith = (headers: Record<string, string>) =>
  api.ask('GET', '/v1/runs', { headers: { 'x-api-key': '', ...headers } });
const anonymous = (headers: Record<string, string> = {}) =>
  api.app.request('/v1/runs', { headers: { host: 'localhost', ...headers } });

describe('the credential of this machine', () => {
  test('lies in a file that only its owner reads, and opens everything', async () => {
    expect(statSync(api.localFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(api.localFile, 'utf8')).toBe(`${api.local}\n`);
    expect((await api.ask('GET', '/v1/keys')).status).toBe(200);
    expect((await anonymous({ authorization: `Bearer ${api.local}` })).status).toBe(200);
  });

  test('without one, loopback or not, the answer is 401', async () => {
    expect((await anonymous()).status).toBe(401);
  });

  test.each([
    ['127.0.0.1', 200],
    ['::ffff:127.0.0.1', 200],
    ['::1', 200],
    ['192.0.2.7', 401],
    ['::ffff:192.0.2.7', 401],
    ['127.0.0.1.example', 401],
  ])('from %s it is answered with %d, in both headers', async (remoteAddress, status) => {
    const peer = { incoming: { socket: { remoteAddress } } };
    for (const headers of [{ 'x-api-key': api.local }, { authorization: `Bearer ${api.local}` }]) {
      const answer = await api.app.request('/v1/runs', { headers: { host: 'localhost', ...headers } }, peer);
      expect(answer.status).toBe(status);
    }
    const key = await api.key('run:read');
    const other = await api.app.request('/v1/runs', { headers: { host: 'localhost', 'x-api-key': key } }, peer);
    expect(other.status).toBe(200);
  });

  test.each([
    { 'x-forwarded-for': '192.0.2.7' },
    { 'x-forwarded-proto': 'https' },
    { forwarded: 'for=192.0.2.7' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '192.0.2.7' },
    { host: 'ops.example' },
  ])('that a proxy on this machine passes on with %j opens nothing', async (passed) => {
    const proxied = await testApi({ env: { OPSROOM_PUBLIC_URL: 'https://ops.example' } });
    try {
      const peer = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
      const from = async (key: string, more: Record<string, string>) =>
        (await proxied.app.request('/v1/runs', { headers: { host: 'localhost', 'x-api-key': key, ...more } }, peer))
          .status;
      expect(await from(proxied.local, {})).toBe(200);
      expect(await from(proxied.local, passed)).toBe(401);
      expect(await from(await proxied.key('run:read'), passed)).toBe(200);
    } finally {
      await proxied.close();
    }
  });

  test('one of an earlier start opens nothing', async () => {
    const answer = await runsWith({ 'x-api-key': `opsl_${'A'.repeat(43)}` });
    expect(answer.status).toBe(401);
    expect(answer.body()).toMatchObject({ code: 'KEY_REFUSED' });
  });
});

describe('API keys', () => {
  test(verifies('ROOM-06', 'a key is shown once; what is kept is its hash'), async () => {
    const made = await api.ask('POST', '/v1/keys', { body: { name: 'once', scopes: ['run:read'], expires: '12h' } });
    expect(made.status).toBe(201);
    const { key, keyId } = made.body() as { key: string; keyId: string };
    expect(key).toMatch(/^opsr_[A-Za-z0-9_-]{43}$/);
    const { rows } = await api.db.database.engine.query('select * from opsroom.api_keys where id = $1', [keyId]);
    expect(JSON.stringify(rows)).not.toContain(key.slice(12));
    expect(Date.parse(rows[0].expires_at) - Date.parse(rows[0].created_at)).toBeGreaterThan(11.9 * 3_600_000);
    const listed = await api.ask('GET', '/v1/keys');
    expect(listed.text).toContain('once');
    expect(listed.text).not.toContain(key.slice(12));
    const audit = await api.db.database.engine.query(
      "select kind, actor, data from opsroom.audit_entries where data ->> 'name' = 'once'",
    );
    expect(audit.rows).toMatchObject([{ kind: 'key.created', actor: api.room.by, data: { scopes: ['run:read'] } }]);
  });

  test('a key cannot give more than it has', async () => {
    const admin = await api.key('room:admin');
    const give = (scopes: Permission[]) =>
      api.ask('POST', '/v1/keys', {
        body: { name: `given-${scopes.length}`, scopes },
        headers: { 'x-api-key': admin },
      });
    expect((await give(['room:admin', 'run:start'])).body()).toMatchObject({ code: 'DENIED' });
    expect((await give(['room:admin'])).status).toBe(201);
  });

  test(verifies('KEEP-01', 'unknown, expired and revoked keys are refused, each with its reason'), async () => {
    const unknown = await runsWith({ 'x-api-key': `opsr_${'A'.repeat(43)}` });
    expect([unknown.status, unknown.body()]).toMatchObject([
      401,
      { code: 'KEY_REFUSED', what: expect.stringContaining('not known') },
    ]);

    const { key: old, keyId } = await invoke(createKey, { name: 'old', scopes: ['run:read'], expires: '1h' }, api.room);
    expect((await runsWith({ 'x-api-key': old })).status).toBe(200);
    await api.db.database.engine.query(
      "update opsroom.api_keys set expires_at = now() - interval '1 s' where id = $1",
      [keyId],
    );
    const expired = await runsWith({ 'x-api-key': old });
    expect([expired.status, expired.body()]).toMatchObject([
      401,
      { code: 'KEY_REFUSED', what: expect.stringContaining('expired') },
    ]);

    const { key: gone } = await invoke(createKey, { name: 'gone', scopes: ['run:read'] }, api.room);
    expect((await api.ask('POST', '/v1/keys/gone/revoke')).body()).toMatchObject({
      name: 'gone',
      revokedBy: api.room.by,
    });
    const revoked = await runsWith({ 'x-api-key': gone });
    expect([revoked.status, revoked.body()]).toMatchObject([
      401,
      { code: 'KEY_REFUSED', what: expect.stringContaining('revoked') },
    ]);
  });

  test('its last use is noted, its name is free again once it is revoked', async () => {
    const { key } = await invoke(createKey, { name: 'used', scopes: ['run:read'] }, api.room);
    await expect(invoke(createKey, { name: 'used', scopes: ['run:read'] }, api.room)).rejects.toMatchObject({
      code: 'USAGE',
    });
    await runsWith({ authorization: `Bearer ${key}`, 'x-api-key': key });
    const { keys } = (await api.ask('GET', '/v1/keys')).body() as {
      keys: { name: string; lastUsedAt: string | null }[];
    };
    expect(keys.find(({ name }) => name === 'used')?.lastUsedAt).toEqual(expect.any(String));
    await api.ask('POST', '/v1/keys/used/revoke');
    expect((await api.ask('POST', '/v1/keys', { body: { name: 'used', scopes: ['run:read'] } })).status).toBe(201);
  });

  test('revoking a key again changes nothing, and the audit tree holds one entry', async () => {
    const { keyId } = await invoke(createKey, { name: 'twice', scopes: ['run:read'] }, api.room);
    const revoke = () => api.ask('POST', `/v1/keys/${keyId}/revoke`);
    const [first, second] = await Promise.all([revoke(), revoke()]);
    expect([first.status, second.body()]).toEqual([200, first.body()]);
    const { rows } = await api.db.database.engine.query(
      "select count(*)::int as n from opsroom.audit_entries where kind = 'key.revoked' and data ->> 'keyId' = $1",
      [keyId],
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('a key of another organisation sees its own only', async () => {
    const { key } = await invoke(
      createKey,
      { name: 'theirs', scopes: ['room:admin', 'run:read'] },
      { ...api.room, org: OTHER },
    );
    const { keys } = (await api.ask('GET', '/v1/keys', { headers: { 'x-api-key': key } })).body() as {
      keys: { name: string }[];
    };
    expect(keys.map(({ name }) => name)).toEqual(['theirs']);
    const across = await api.ask('POST', '/v1/keys/once/revoke', { headers: { 'x-api-key': key } });
    expect(across.body()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an id names its own key, also when another key was given that id for a name', async () => {
    const { keyId } = await invoke(createKey, { name: 'meant', scopes: ['run:read'] }, api.room);
    await invoke(createKey, { name: keyId, scopes: ['run:read'] }, api.room);
    expect((await api.ask('POST', `/v1/keys/${keyId}/revoke`)).body()).toMatchObject({ name: 'meant' });
    const { keys } = (await api.ask('GET', '/v1/keys')).body() as { keys: { name: string; revokedAt: unknown }[] };
    expect(keys.find(({ name }) => name === keyId)?.revokedAt).toBeNull();
  });

  test('a door may read no hash', async () => {
    const read = api.db.database.door(api.room.org, (tx) => tx.query('select hash from opsroom.api_keys'));
    await expect(read).rejects.toMatchObject({ code: '42501' });
  });
});

describe('keys of other services', () => {
  const TAIL = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  test.each([
    ['OpenAI', `sk-proj-${TAIL}`],
    ['Anthropic', `sk-ant-api03-${TAIL}`],
    ['GitHub', `ghp_${TAIL}`],
    ['GitHub', `github_pat_${TAIL}`],
    ['Slack', `xoxb-1234-${TAIL}`],
    ['AWS', 'AKIAC0FFEEC0FFEEC0FF'],
    ['Stripe', `sk_live_${TAIL}`],
    ['JSON Web Token', `eyJhbGciOiJIUzI1NiJ9.${TAIL}`],
  ])(verifies('SEE-09', 'of %s are refused, and neither repeated nor logged: %s'), async (service, value) => {
    for (const headers of [{ 'x-api-key': value }, { authorization: `Bearer ${value}` }]) {
      const answer = await anonymous(headers);
      const text = await answer.text();
      expect([answer.status, JSON.parse(text)]).toMatchObject([
        401,
        { code: 'KEY_FOREIGN', what: expect.stringContaining(service) },
      ]);
      expect(text).not.toContain(value.slice(-12));
    }
    expect(api.logged.join('\n')).not.toContain(value.slice(-12));
  });

  test('two keys that differ, and other schemes, are refused', async () => {
    const two = await anonymous({ 'x-api-key': api.local, authorization: `Bearer opsr_${'A'.repeat(43)}` });
    expect([two.status, await two.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    expect((await anonymous({ authorization: 'Basic dXNlcjpwYXNz' })).status).toBe(401);
  });
});

test.each(['cron', 'webhook'])('no key is made for an agent %s: policies know triggers by that name', async (agent) => {
  const made = await api.ask('POST', '/v1/keys', { body: { name: `as-${agent}`, agent, scopes: ['run:read'] } });
  expect([made.status, made.body()]).toMatchObject([400, { code: 'USAGE' }]);
});
