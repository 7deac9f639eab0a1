import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { removeMember } from '#operations/members/remove.js';
import { setRole } from '#operations/members/set-role.js';
import { type TestApi, testApi } from '../harness/api.js';
import { CLIENT, OidcProvider } from '../harness/oidc.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';

let api: TestApi;
let provider: OidcProvider;
beforeAll(async () => {
  provider = await OidcProvider.start();
  api = await testApi({
    env: {
      OPSROOM_OAUTH_OIDC_ISSUER: `${provider.issuer}/`,
      OPSROOM_OAUTH_OIDC_CLIENT_ID: CLIENT.id,
      OPSROOM_OAUTH_OIDC_CLIENT_SECRET: CLIENT.secret,
      OPSROOM_OAUTH_OIDC_NAME: 'Our identity service',
      OPSROOM_OAUTH_ALLOW: 'ada@ops.example:owner, *@partner.example:viewer',
    },
  });
});
afterAll(async () => {
  await api.close();
  await provider.close();
});
beforeEach(() => {
  provider.fault = 'none';
  provider.claims = { sub: 'ada-1', email: 'Ada@ops.example', email_verified: true, name: 'Ada' };
});

const sql = (text: string) => api.db.database.engine.query(text);

/** The way of a browser: to the provider and back, to the address where the room sends it then. */
async function way(browser: Visitor, next = '/runs'): Promise<{ back: URL; landed: string }> {
  const departure = await browser.ask('POST', '/auth/provider', { provider: 'oidc', next });
  expect(departure.status, departure.text).toBe(200);
  const there = await fetch(String(departure.body()['url']), { redirect: 'manual' });
  const back = new URL(there.headers.get('location') ?? '');
  return { back, landed: await land(browser, back) };
}

async function land(browser: Visitor, { pathname, search }: URL): Promise<string> {
  const answer = await browser.ask('GET', `${pathname}${search}`, undefined, { 'sec-fetch-site': 'cross-site' });
  expect(answer.status).toBe(302);
  return answer.headers.get('location') ?? '';
}

test(verifies('KEEP-01', 'somebody who is listed comes in by a provider, with the role of the list'), async () => {
  const browser = new Visitor(api.app);
  expect((await browser.ask('GET', '/auth/state')).body()).toMatchObject({
    providers: [{ id: 'oidc', name: 'Our identity service' }],
  });
  const { back, landed } = await way(browser);
  expect(back.pathname).toBe('/auth/callback/oidc');
  expect(landed).toBe('/runs');
  expect((await browser.ask('GET', '/v1/me')).body()).toMatchObject({
    by: 'person:ada@ops.example',
    person: { name: 'Ada', role: 'owner', hasPassword: false },
  });
  expect(provider.refused).toEqual([]);
});

test('no token of the provider is kept', async () => {
  const { rows } = await sql('select provider, provider_account, password from opsroom.accounts');
  expect(rows).toEqual([{ provider: 'oidc', provider_account: 'ada-1', password: null }]);
  expect(JSON.stringify((await sql('select * from opsroom.accounts')).rows)).not.toMatch(/eyJ|access_token/);
});

test('whoever comes again is the same person, by their number at the provider', async () => {
  provider.claims = { ...provider.claims, email: 'ada.new@ops.example' };
  const browser = new Visitor(api.app);
  await way(browser);
  expect((await browser.ask('GET', '/v1/me')).body()).toMatchObject({ by: 'person:ada@ops.example' });
});

test('a domain that is listed has its role, and it is not more', async () => {
  provider.claims = { sub: 'bob-1', email: 'bob@partner.example', email_verified: true, name: 'Bob' };
  const browser = new Visitor(api.app);
  await way(browser);
  expect((await browser.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'viewer' } });
  expect((await browser.ask('POST', '/v1/runs/last/pause', {})).body()).toMatchObject({ code: 'DENIED' });
  expect((await browser.ask('GET', '/v1/keys')).status).toBe(403);
});

test.each([
  ['who is not listed', { sub: 'eve-1', email: 'eve@ops.example', email_verified: true }, 'not_allowed'],
  [
    'whose e-mail is not verified',
    { sub: 'eve-2', email: 'eve@partner.example', email_verified: false },
    'email_not_verified',
  ],
  ['who claims another’s e-mail unverified', { sub: 'eve-3', email: 'ada@ops.example', email_verified: false }, ''],
])('%s does not come in', async (_who, claims, reason) => {
  provider.claims = { ...claims, name: 'Eve' };
  const browser = new Visitor(api.app);
  const { landed } = await way(browser);
  expect(landed).toContain('/sign-in?error=');
  expect(landed).toContain(reason);
  expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  expect((await sql("select 1 from opsroom.people where name = 'Eve'")).rowCount).toBe(0);
});

test('whoever names another’s e-mail behind an open link is not joined with them, nor takes their place on the list', async () => {
  const { url } = await invoke(createInvitation, { role: 'viewer' }, api.room);
  const [token, password] = [url.split('#token=')[1] ?? '', 'correct horse battery'];
  const email = 'eva@partner.example';
  const mal = new Visitor(api.app);
  expect((await mal.ask('POST', '/auth/invitation', { token, name: 'Mal', email, password })).status).toBe(200);

  provider.claims = { sub: 'eva-1', email, email_verified: true, name: 'Eva' };
  expect((await way(new Visitor(api.app))).landed).toContain('error=account_not_linked');

  await invoke(removeMember, { member: email }, api.room);
  const again = await new Visitor(api.app).ask('POST', '/auth/sign-in', { email, password });
  expect([again.status, again.body()]).toMatchObject([401, { code: 'SIGN_IN_REFUSED' }]);
  expect((await mal.ask('POST', '/auth/profile', { email: 'ada@ops.example' })).status).toBe(401);
});

test(
  verifies('KEEP-02', 'whoever is invited by e-mail comes by a provider that has verified it, with no link'),
  async () => {
    const email = 'Ira@elsewhere.example';
    provider.claims = { sub: 'ira-1', email, email_verified: true, name: 'Ira' };
    expect((await way(new Visitor(api.app))).landed).toContain('not_allowed');
    await invoke(createInvitation, { role: 'approver', email }, api.room);
    const ira = new Visitor(api.app);
    await way(ira);
    expect((await ira.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'approver' } });
    const { rows } = await sql("select accepted_by from opsroom.invitations where email = 'ira@elsewhere.example'");
    expect(rows).toEqual([{ accepted_by: 'person:ira@elsewhere.example' }]);
  },
);

test(
  verifies('KEEP-01', 'who is taken off the list is out at once, unless somebody here gave them a role'),
  async () => {
    provider.claims = { sub: 'lia-1', email: 'lia@partner.example', email_verified: true, name: 'Lia' };
    const lia = new Visitor(api.app);
    await way(lia);
    expect((await lia.ask('GET', '/v1/me')).status).toBe(200);
    // The list is of the environment: that she stands on it no longer is told by another domain of hers.
    await sql("update opsroom.people set email = 'lia@gone.example' where name = 'Lia'");
    expect((await lia.ask('GET', '/v1/me')).body()).toMatchObject({ code: 'DENIED' });
    const anew = new Visitor(api.app);
    await way(anew);
    expect((await anew.ask('GET', '/v1/me')).status).toBe(401);
    await invoke(setRole, { member: 'lia@gone.example', role: 'viewer' }, api.room);
    await way(anew);
    expect((await anew.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'viewer' } });
  },
);

test.each(['foreign signature', 'wrong nonce', 'wrong audience'] as const)(
  'a token with a %s opens nothing',
  async (fault) => {
    provider.fault = fault;
    const browser = new Visitor(api.app);
    expect((await way(browser)).landed).toContain('/sign-in?error=');
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  },
);

test('the way back works once, and only for the browser that left', async () => {
  const [mine, theirs] = [new Visitor(api.app), new Visitor(api.app)];
  const { back } = await way(mine);
  expect(await land(mine, back)).toContain('error=');
  const departure = await mine.ask('POST', '/auth/provider', { provider: 'oidc', next: '/' });
  const there = await fetch(String(departure.body()['url']), { redirect: 'manual' });
  expect(await land(theirs, new URL(there.headers.get('location') ?? ''))).toContain('error=');
  expect((await theirs.ask('GET', '/v1/me')).status).toBe(401);
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a b', 'javascript:alert(1)'])(
  'nobody is sent to %s afterwards',
  async (next) => {
    const refused = await new Visitor(api.app).ask('POST', '/auth/provider', { provider: 'oidc', next });
    expect(refused.status).toBe(400);
  },
);

test('a stranger who leaves for a provider, or comes back from none, again and again, is slowed down', async () => {
  const [leaving, returning, other] = [new Visitor(api.app), new Visitor(api.app), new Visitor(api.app)];
  const leave = async (browser: Visitor) =>
    (await browser.ask('POST', '/auth/provider', { provider: 'oidc', next: '/' })).status;
  const back = async () => (await returning.ask('GET', '/auth/callback/oidc?state=x&code=y')).status;
  const left: number[] = [];
  const came: number[] = [];
  for (let i = 0; i < 80; i++) {
    left.push(await leave(leaving));
    came.push(await back());
  }
  expect([left[0], left.at(-1)]).toEqual([200, 429]);
  expect([came[0], came.at(-1)]).toEqual([302, 429]);
  expect(await leave(other)).toBe(200);
});

test('a provider that is not configured is not there', async () => {
  const refused = await new Visitor(api.app).ask('POST', '/auth/provider', { provider: 'github' });
  expect([refused.status, refused.body()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
});

test('a provider that does not answer is named as the cause', async () => {
  const away = await testApi({
    env: {
      OPSROOM_OAUTH_OIDC_ISSUER: 'http://127.0.0.1:9',
      OPSROOM_OAUTH_OIDC_CLIENT_ID: CLIENT.id,
      OPSROOM_OAUTH_OIDC_CLIENT_SECRET: CLIENT.secret,
    },
  });
  try {
    const refused = await new Visitor(away.app).ask('POST', '/auth/provider', { provider: 'oidc' });
    expect([refused.status, refused.body()]).toMatchObject([404, { what: expect.stringContaining('does not answer') }]);
  } finally {
    await away.close();
  }
});
