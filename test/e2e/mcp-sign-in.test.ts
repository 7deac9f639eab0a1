import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteLateSignIns, heldSignIn } from '#catalog/mcp/sign-in-store.js';
import type { Worker } from '#execute/worker.js';
import { loadConfig } from '#kit/config.js';
import { followRun } from '#operations/follow.js';
import { invoke } from '#operations/invoke.js';
import { requireServer } from '#operations/mcp/read.js';
import { removeMcpServer } from '#operations/mcp/write.js';
import { rotateVaultKey } from '#operations/secrets/rotate-key.js';
import { openRoom } from '#operations/wire.js';
import { type TestApi, testApi } from '../harness/api.js';
import { freePort } from '../harness/mcp-servers.js';
import { type OAuthMcp, oauthMcp, visit } from '../harness/oauth-mcp.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let worker: Worker;
let far: OAuthMcp;

beforeAll(async () => {
  api = await testApi();
  worker = await api.open.startWorker('all');
  far = await oauthMcp();
  await add('far');
});
afterAll(async () => {
  await worker.drain(1000);
  await api.close();
  await far.close();
});

const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', path, { body, headers });
const add = (name: string, more: object = { allowAddresses: ['127.0.0.1'] }) =>
  post('/v1/mcp/servers', { name, transport: 'http', url: far.url, ...more });
const server = async (name = 'far') => {
  const { servers } = (await api.ask('GET', '/v1/mcp/servers')).body() as { servers: { name: string }[] };
  return servers.find((one) => one.name === name);
};

async function begin(name = 'far', body: object = {}): Promise<string> {
  const begun = await post(`/v1/mcp/servers/${name}/sign-in`, body);
  expect(begun.status, begun.text).toBe(200);
  return (begun.body() as { page: string }).page;
}

async function signIn(name = 'far') {
  const { at: _, ...back } = await visit(await begin(name));
  return post('/v1/mcp/sign-ins', back);
}

async function call(name = 'far') {
  const steps = [{ id: 'say', tool: `mcp:${name}:leak`, args: {} }];
  const started = await post('/v1/runs', {
    plan: { value: { title: 'Says', steps, target: { allowAddresses: ['127.0.0.1'] } } },
  });
  expect(started.status, started.text).toBe(201);
  const { runId } = started.body() as { runId: string };
  for await (const _ of followRun(api.room, runId)) continue;
  const step = (await api.ask('GET', `/v1/runs/${runId}/steps/say`)).body() as {
    attempts: { output: unknown; error: { code: string; mend: string } | null }[];
  };
  const { status } = (await api.ask('GET', `/v1/runs/${runId}`)).body();
  return { ...step.attempts.at(-1), status };
}

test(
  verifies(
    'TOOL-04',
    'somebody signs in by code and PKCE at a server that is found, registered at and asked for as the standards have it',
  ),
  async () => {
    expect(await server()).toMatchObject({ state: 'failing', error: { code: 'MCP_SIGN_IN' }, signIn: null });
    const page = new URL(await begin());
    expect(page.searchParams.get('resource')).toBe(far.url);
    expect(page.searchParams.get('code_challenge_method')).toBe('S256');
    expect(far.registered.at(-1)?.redirect).toBe(`${api.room.url()}/settings/mcp`);
    const { at, ...back } = await visit(page.href);
    expect(at).toBe(`${api.room.url()}/settings/mcp`);
    const done = await post('/v1/mcp/sign-ins', back);
    expect(done.body(), done.text).toMatchObject({
      state: 'ok',
      tools: { total: 1 },
      signIn: { by: api.room.by, issuer: far.issuer, scope: 'tools', refused: null },
    });
    expect((await post('/v1/mcp/sign-ins', back)).body()).toMatchObject({ code: 'MCP_SIGN_IN' });
    expect(await call()).toMatchObject({ status: 'succeeded', error: null });
  },
);

test('no token is in the ledger, the audit log or an answer, also where the server says it', async () => {
  const { output, status } = await call();
  expect(status).toBe('succeeded');
  expect(JSON.stringify(output)).toContain('‹secret:mcp:');
  const { engine } = api.db.database;
  const tables = [
    'mcp_sign_ins',
    'mcp_servers',
    'step_attempts',
    'audit_entries',
    'events',
    'proofs',
    'step_log_chunks',
  ];
  for (const table of tables) {
    const { rows } = await engine.query<{ row: string }>(`select t::text as row from opsroom.${table} t`);
    expect(
      rows.some(({ row }) => /at-[0-9a-f]{8}-|rt-[0-9a-f]{8}-/.test(row)),
      table,
    ).toBe(false);
  }
  expect(api.logged.join('\n')).not.toMatch(/at-[0-9a-f]{8}-/);
});

test('what runs out is taken anew, before and after the server refuses it; also under another key of the vault', async () => {
  const before = far.given.length;
  far.forget();
  expect(await call()).toMatchObject({ status: 'succeeded' });
  expect(far.given.length).toBe(before + 1);
  far.ttlS = 1;
  far.forget();
  expect(await call()).toMatchObject({ status: 'succeeded' });
  far.ttlS = 3600;
  await invoke(rotateVaultKey, {}, api.room);
  expect(await call()).toMatchObject({ status: 'succeeded' });
});

test('a bad moment of the server does not sign the room out', async () => {
  far.forget();
  far.ailing = 503;
  expect(await call()).toMatchObject({ status: 'failed', error: { code: 'UNREACHABLE' } });
  expect(await server()).toMatchObject({ signIn: { refused: null } });
  far.ailing = 400;
  expect(await call()).toMatchObject({ status: 'failed', error: { code: 'MCP_FAILED' } });
  far.ailing = undefined;
  expect(await call()).toMatchObject({ status: 'succeeded' });
});

const row = () => requireServer(api.db.database.engine, api.room, 'far');

test('many who need another token take one, and no connection of the database waits for it', async () => {
  const { mcpSignIns, org, database } = api.room;
  const bearer = await mcpSignIns.bearer(org, await row());
  if (!bearer) throw new Error('signed in');
  await bearer.token();
  far.forget();
  const before = far.given.length;
  const open: unknown[] = [];
  far.before = async () => {
    const { rows } = await database.engine.query(
      `select pid from pg_locks join pg_class on pg_class.oid = relation where relname = 'mcp_sign_ins' and pid <> pg_backend_pid()`,
    );
    open.push(...rows);
  };
  await Promise.all([bearer.renew(), bearer.renew(), bearer.renew()]);
  far.before = () => Promise.resolve();
  expect(open).toEqual([]);
  expect(far.given.length).toBe(before + 1);
  expect(await bearer.token()).toBe(far.given.at(-1));
});

test('two processes that need another token at the same time take one: none shows a refresh token that the other has used', async () => {
  const home = dirname(api.localFile);
  const config = loadConfig({ DATABASE_URL: api.db.url, OPSROOM_HOME: home, OPSROOM_HOST: 'there' });
  const other = await openRoom(config, home, api.room.log);
  try {
    const server = await row();
    const rooms = [api.room, other.room];
    const bearers = await Promise.all(rooms.map(({ mcpSignIns, org }) => mcpSignIns.bearer(org, server)));
    for (let round = 0; round < 3; round += 1) {
      for (const bearer of bearers) await bearer?.token();
      far.forget();
      const before = far.given.length;
      await Promise.all(bearers.map(async (bearer) => bearer?.renew()));
      expect(far.given.length).toBe(before + 1);
      for (const bearer of bearers) expect(await bearer?.token()).toBe(far.given.at(-1));
    }
    expect(far.replayed()).toBe(0);
  } finally {
    await other.close();
  }
  expect(await call()).toMatchObject({ status: 'succeeded' });
});

test('a process that dies while it takes another token holds the others back for a while only', async () => {
  const { mcpSignIns, org, database } = api.room;
  const { id } = await row();
  const bearer = await mcpSignIns.bearer(org, await row());
  await bearer?.token();
  const before = far.given.length;
  const { rows } = await database.engine.query<{ until: string }>(
    `update opsroom.mcp_sign_ins set renewing_until = clock_timestamp() + interval '300 ms' where server_id = $1
     returning renewing_until::text as until`,
    [id],
  );
  let early: unknown;
  far.before = async () => {
    const text = 'select clock_timestamp() < $1::timestamptz as early';
    early = (await database.engine.query<{ early: boolean }>(text, [rows[0]?.until])).rows[0]?.early;
  };
  await bearer?.renew();
  far.before = () => Promise.resolve();
  expect({ early, given: far.given.length - before }).toEqual({ early: false, given: 1 });
});

test('who does not wait any more stops looking for the turn, and leaves the sign-in as it is', async () => {
  const { mcpSignIns, org, database } = api.room;
  const { id } = await row();
  const bearer = await mcpSignIns.bearer(org, await row());
  const shown = await bearer?.token();
  const turn = async (until: string) =>
    database.engine.query(`update opsroom.mcp_sign_ins set renewing_until = ${until} where server_id = $1`, [id]);
  await turn(`clock_timestamp() + interval '1 h'`);
  const gone = new AbortController();
  const renewed = bearer?.renew(gone.signal);
  gone.abort(new Error('cancelled'));
  await expect(renewed).rejects.toThrow('cancelled');
  await turn('null');
  expect(await bearer?.token()).toBe(shown);
});

test('a token that was taken the place of stays masked while it may hold', async () => {
  const bearer = await api.room.mcpSignIns.bearer(api.room.org, await row());
  const old = (await bearer?.token()) ?? '';
  await bearer?.renew();
  const { mask } = await api.room.ports.secrets(api.room.org, {});
  expect(mask.text(`it was ${old} and is ${await bearer?.token()}`)).not.toMatch(/at-[0-9a-f]{8}-/);
});

test('where nothing helps the step fails, and says that somebody has to sign in again', async () => {
  far.forget(true);
  expect(await call()).toMatchObject({
    status: 'failed',
    error: { code: 'MCP_SIGN_IN', message: expect.stringContaining('signed in') },
  });
  expect(await server()).toMatchObject({ signIn: { refused: expect.any(String) } });
  expect((await signIn()).body()).toMatchObject({ signIn: { refused: null }, state: 'ok' });
  expect(await call()).toMatchObject({ status: 'succeeded' });
});

test('a way back that is forged, another’s, of another issuer or to elsewhere is refused', async () => {
  const { at: _, ...back } = await visit(await begin());
  expect((await post('/v1/mcp/sign-ins', { ...back, state: 'x'.repeat(43) })).body()).toMatchObject({
    code: 'MCP_SIGN_IN',
  });
  const other = api.room.mcpSignIns.finish(api.room.org, 'person:eve@ops.example', back);
  await expect(other).rejects.toMatchObject({ code: 'MCP_SIGN_IN' });
  far.iss = 'http://evil.example';
  expect((await signIn()).body()).toMatchObject({ code: 'MCP_SIGN_IN' });
  far.iss = far.issuer;
  for (const redirect of [
    'https://evil.example/settings/mcp',
    'http://127.0.0.1.evil.example/x',
    'http://127.0.0.1:1/x?y=1',
  ])
    expect((await post('/v1/mcp/servers/far/sign-in', { redirect })).status, redirect).toBe(400);
  const loopback = new URL(await begin('far', { redirect: 'http://127.0.0.1:45678/back' }));
  expect(loopback.searchParams.get('redirect_uri')).toBe('http://127.0.0.1:45678/back');
});

test('how long a token holds is believed within bounds', async () => {
  far.ttlS = 1e300;
  expect((await signIn()).body()).toMatchObject({ signIn: { refused: null } });
  far.ttlS = 1;
  expect((await signIn()).body()).toMatchObject({ signIn: { refused: null } });
  const before = far.given.length;
  expect(await call()).toMatchObject({ status: 'succeeded' });
  expect(far.given.length).toBe(before);
  far.ttlS = 3600;
});

test('a private address is allowed to the server itself, not to what it names', async () => {
  const other = await oauthMcp('127.0.0.2');
  far.endpoints = { authorization_servers: [other.issuer] };
  await add('names', { allowAddresses: ['127.0.0.0/8'] });
  expect((await post('/v1/mcp/servers/names/sign-in')).body()).toMatchObject({ code: 'ADDRESS_REFUSED' });
  far.endpoints = {};
  expect(other.asked()).toBe(0);
  await other.close();
});

test('tokens are not sent to be revoked over plain HTTP; that it was not heard is in the audit log', async () => {
  far.endpoints = { revocation_endpoint: 'http://auth.example/revoke' };
  await signIn();
  far.endpoints = {};
  const held = await heldSignIn(api.db.database.engine, api.room.org, (await row()).id);
  expect(await api.room.mcpSignIns.revoke(await row(), held)).toBe('unheard');
  expect((await post('/v1/mcp/servers/far/sign-out')).body()).toMatchObject({ signIn: null, revocation: 'unheard' });
  const { rows } = await api.db.database.engine.query(
    `select 1 from opsroom.audit_entries t where t::text like '%mcp.revocation_unheard%'`,
  );
  expect(rows).toHaveLength(1);
  await signIn();
});

test.each([
  ['unheard', 'nobody there', async () => `http://127.0.0.1:${await freePort()}/revoke`],
  ['unheard', 'an error', async () => `${far.issuer}/lost`],
  ['unsupported', 'no such word', async () => undefined],
])('who signs out is told that the tokens may still hold (%s: %s)', async (revocation, _, endpoint) => {
  far.endpoints = { revocation_endpoint: await endpoint() };
  await signIn();
  far.endpoints = {};
  expect((await post('/v1/mcp/servers/far/sign-out')).body()).toMatchObject({ signIn: null, revocation });
  await signIn();
});

test('a sign-in that nobody finishes is forgotten', async () => {
  const { engine } = api.db.database;
  await begin();
  const begun = async () => (await engine.query(`select 1 from opsroom.mcp_sign_ins where kind = 'begun'`)).rows.length;
  await deleteLateSignIns(engine);
  expect(await begun()).toBe(1);
  await engine.query(
    `update opsroom.mcp_sign_ins set expires_at = clock_timestamp() - interval '1 s' where kind = 'begun'`,
  );
  await deleteLateSignIns(engine);
  expect(await begun()).toBe(0);
});

test('a private address is not asked unless the server is allowed it; no key signs anybody in', async () => {
  await add('inside', {});
  const refused = await post('/v1/mcp/servers/inside/sign-in');
  expect(refused.body()).toMatchObject({ code: 'ADDRESS_REFUSED' });
  const key = { 'x-api-key': await api.key('room:admin', 'secret:manage', 'run:read') };
  expect((await post('/v1/mcp/servers/far/sign-in', {}, key)).status).toBe(403);
  expect((await post('/v1/mcp/servers/far/sign-out', {}, key)).status).toBe(403);
});

test('to sign out revokes the tokens and forgets them; another address is another server', async () => {
  await signIn();
  expect((await post('/v1/mcp/servers/far/sign-out')).body()).toMatchObject({ signIn: null, revocation: 'revoked' });
  expect((await post('/v1/mcp/servers/far/sign-out')).body()).toMatchObject({ revocation: 'none' });
  expect(far.revoked.at(-1)).toMatch(/^rt-/);
  expect(await call()).toMatchObject({ status: 'failed', error: { code: 'MCP_SIGN_IN' } });
  await signIn();
  await post('/v1/mcp/servers/far', { url: `${far.url}?other` });
  expect(await server()).toMatchObject({ signIn: null });
  await post('/v1/mcp/servers/far', { url: far.url });
});

test('what was begun at one address is not kept for another, nor shown over a connection from before', async () => {
  await signIn();
  const { at: _, ...back } = await visit(await begin());
  const revoked = far.revoked.length;
  const stale = await api.room.mcpSignIns.bearer(api.room.org, await row());
  far.before = async () => {
    await post('/v1/mcp/servers/far', { url: `${far.url}?moved` });
  };
  expect((await post('/v1/mcp/sign-ins', back)).body()).toMatchObject({ code: 'MCP_SIGN_IN' });
  far.before = () => Promise.resolve();
  expect(await server()).toMatchObject({ signIn: null });
  expect(far.revoked.length).toBe(revoked + 2);
  await post('/v1/mcp/servers/far', { url: far.url, headers: { 'x-other': '1' } });
  expect((await signIn()).body()).toMatchObject({ signIn: { refused: null } });
  await expect(stale?.token()).rejects.toMatchObject({ code: 'MCP_SIGN_IN' });
  await post('/v1/mcp/servers/far', { url: far.url, headers: {} });
  expect((await signIn()).body()).toMatchObject({ signIn: { refused: null } });
});

test('to change a server, or to remove it, revokes its tokens', async () => {
  await signIn();
  const revoked = far.revoked.length;
  await post('/v1/mcp/servers/far', { url: `${far.url}?again` });
  await post('/v1/mcp/servers/far', { url: far.url });
  await signIn();
  await invoke(removeMcpServer, { server: 'far' }, api.room);
  expect(far.revoked.length).toBe(revoked + 2);
});
