import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSIONS } from '#identity/permissions.js';
import { makeOwnerLink } from '#operations/people/owner-link.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const PASSWORD = 'correct horse battery';
const ADA = { name: 'Ada', email: 'ada@ops.example', password: PASSWORD };
const sql = (text: string, values: unknown[] = []) => api.db.database.engine.query(text, values);
const visitor = () => new Visitor(api.app);
const linkFor = async (email?: string): Promise<string> =>
  (await makeOwnerLink(api.room, 'http://localhost', email)).split('#token=')[1] ?? '';
const audit = async (kind: string) =>
  (await sql('select actor, data from opsroom.audit_entries where kind = $1 order by seq desc', [kind])).rows;
const code = (page: { body: () => Record<string, unknown> }) => page.body()['code'];

const guessFromAnywhere = () =>
  visitor().ask('POST', '/auth/sign-in', { email: 'Target@ops.example ', password: 'guess' });

async function signedIn(): Promise<Visitor> {
  const browser = visitor();
  const { email, password } = ADA;
  expect((await browser.ask('POST', '/auth/sign-in', { email, password })).status).toBe(200);
  return browser;
}

describe('the first owner', () => {
  test('before anybody has come, nobody can sign in', async () => {
    const browser = visitor();
    expect((await browser.ask('GET', '/auth/state')).body()).toEqual({ owner: false, signedIn: false, providers: [] });
    const refused = await browser.ask('POST', '/auth/sign-in', { email: ADA.email, password: PASSWORD });
    expect([refused.status, code(refused)]).toEqual([401, 'SIGN_IN_REFUSED']);
    expect((await browser.ask('GET', '/v1/runs')).status).toBe(401);
  });

  test('a link that was made before another one opens nothing', async () => {
    const older = await linkFor();
    await linkFor();
    const refused = await visitor().ask('POST', '/auth/welcome', { token: older });
    expect([refused.status, code(refused)]).toEqual([401, 'LINK_REFUSED']);
  });

  test('a link that has expired opens nothing, and says so', async () => {
    const token = await linkFor();
    await sql("update opsroom.owner_links set expires_at = now() - interval '1 s' where used_at is null");
    for (const path of ['/auth/welcome/look', '/auth/welcome']) {
      const refused = await visitor().ask('POST', path, { token });
      expect([refused.status, refused.body()]).toMatchObject([401, { what: expect.stringContaining('expired') }]);
    }
  });

  test('what a link cannot be used for leaves it as it was', async () => {
    const token = await linkFor();
    const short = await visitor().ask('POST', '/auth/welcome', { ...ADA, token, password: 'short' });
    expect([short.status, short.body()]).toMatchObject([400, { what: expect.stringContaining('password') }]);
    expect((await visitor().ask('POST', '/auth/welcome/look', { token })).status).toBe(200);
  });

  test(verifies('KEEP-01', 'comes by a link that works once, and is known from then on'), async () => {
    const token = await linkFor();
    const browser = visitor();
    const look = await browser.ask('POST', '/auth/welcome/look', { token });
    expect(look.body()).toEqual({ first: true, name: expect.any(String), email: null });
    const both = await Promise.all([
      browser.ask('POST', '/auth/welcome', { token, ...ADA }),
      visitor().ask('POST', '/auth/welcome', { token, ...ADA, email: 'eve@ops.example' }),
    ]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401]);
    const { rows } = await sql('select email, role from opsroom.people p join opsroom.members m on m.person_id = p.id');
    expect(rows).toEqual([{ email: expect.stringMatching(/^(ada|eve)@ops/), role: 'owner' }]);
    await sql('update opsroom.people set email = $1', [ADA.email]);
    expect((await browser.ask('GET', '/auth/state')).body()).toMatchObject({ owner: true });
    expect(await audit('owner.came')).toHaveLength(1);
  });

  test('of the link and the password only hashes are kept', async () => {
    const tables = ['owner_links', 'accounts', 'audit_entries'];
    const kept = await Promise.all(tables.map((name) => sql(`select * from opsroom.${name}`)));
    const text = JSON.stringify(kept.map(({ rows }) => rows));
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('opso_');
    expect(api.logged.join('\n')).not.toContain(PASSWORD);
  });
});

describe('signing in', () => {
  test(verifies('KEEP-01', 'with e-mail and password gives everything that an owner may do'), async () => {
    const browser = await signedIn();
    const me = await browser.ask('GET', '/v1/me');
    expect(me.body()).toMatchObject({
      by: `person:${ADA.email}`,
      permissions: [...PERMISSIONS],
      person: { email: ADA.email, role: 'owner', hasPassword: true },
    });
    expect((await browser.ask('GET', '/v1/keys')).status).toBe(200);
    expect(await audit('person.signed_in')).toContainEqual(
      expect.objectContaining({
        actor: `person:${ADA.email}`,
        data: expect.objectContaining({ signInId: expect.any(String) }),
      }),
    );
  });

  test('the cookie is kept from scripts and other sites, and alone in the database opens nothing', async () => {
    const browser = await signedIn();
    const [name, cookie] = [...browser.set].find(([, text]) => !/max-age=0\b/i.test(text)) ?? ['', ''];
    expect(name).toMatch(/^opsroom-[0-9a-f]{6}\.session_token$/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).toMatch(/; Path=\//i);
    expect(cookie).not.toMatch(/; Secure|; Domain/i);
    const { rows } = await sql('select token from opsroom.sign_ins');
    for (const { token } of rows) {
      for (const forged of [token, `${token}.${'A'.repeat(43)}%3D`]) {
        const answer = await visitor().ask('GET', '/v1/me', undefined, { cookie: `${name}=${forged}` });
        expect(answer.status).toBe(401);
      }
    }
  });

  test('behind TLS the cookie never travels without', async () => {
    const browser = visitor();
    const { email, password } = ADA;
    await browser.ask('POST', '/auth/sign-in', { email, password }, { 'x-forwarded-proto': 'https' });
    expect([...browser.set.values()].every((cookie) => /; Secure/i.test(cookie))).toBe(true);
  });

  test('who is unknown and who mistypes get the same answer', async () => {
    const wrong = await visitor().ask('POST', '/auth/sign-in', { email: ADA.email, password: 'wrong' });
    const unknown = await visitor().ask('POST', '/auth/sign-in', { email: 'nobody@ops.example', password: 'wrong' });
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  test('there is no way to make an account, and none of the library’s other ways', async () => {
    for (const path of [
      'sign-up/email',
      'sign-in/email',
      'update-user',
      'request-password-reset',
      'get-session',
      'error',
    ]) {
      const [post, get] = [
        await visitor().ask('POST', `/auth/${path}`, ADA),
        await visitor().ask('GET', `/auth/${path}`),
      ];
      expect([path, post.status, get.status]).toEqual([path, 404, 404]);
    }
  });
});

describe('whoever guesses', () => {
  test('is slowed down, and nobody else is', async () => {
    const guesser = visitor();
    const guess = async (email: string) =>
      (await guesser.ask('POST', '/auth/sign-in', { email, password: 'guess' })).status;
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => guess(`guessed-${i}@ops.example`)));
    expect(answers.filter((status) => status === 429)).toHaveLength(2);
    await signedIn();
  });

  test('one e-mail from many addresses is slowed down too', async () => {
    const answers = await Promise.all(Array.from({ length: 22 }, guessFromAnywhere));
    const late = answers.filter(({ status }) => status === 429);
    expect(late).toHaveLength(2);
    expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a request with a cookie', () => {
  const CHANGE = ['POST', '/v1/keys', { name: 'forged', scopes: ['run:read'] }] as const;
  test.each([
    ['from a page elsewhere', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from a page of another port', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['with a forged origin and an honest browser', { 'sec-fetch-site': 'cross-site' }],
    ['from a sandboxed page', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['without the header of our pages', { 'x-opsroom': '' }],
    ['that does not say from where', { origin: '', 'sec-fetch-site': '' }],
  ])(verifies('KEEP-01', '%s changes nothing'), async (_name, headers) => {
    const browser = await signedIn();
    const refused = await browser.ask(...CHANGE, headers);
    expect(refused.status).toBe(403);
    expect((await sql("select 1 from opsroom.api_keys where name = 'forged'")).rowCount).toBe(0);
    const login = await visitor().ask('POST', '/auth/sign-in', ADA, headers);
    expect(login.status).toBe(403);
  });

  test('is not read by another origin either', async () => {
    const browser = await signedIn();
    expect((await browser.ask('GET', '/v1/runs', undefined, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await browser.ask('GET', '/v1/runs', undefined, { 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  test('and a key does what the key may', async () => {
    const browser = await signedIn();
    const key = await api.key('run:read');
    const denied = await browser.ask(...CHANGE, { 'x-api-key': key });
    expect([denied.status, denied.body()]).toMatchObject([
      403,
      { code: 'DENIED', what: expect.stringContaining('key:') },
    ]);
  });

  test('that changes something is in the audit log under the person’s name', async () => {
    const browser = await signedIn();
    expect((await browser.ask('POST', '/v1/keys', { name: 'by-ada', scopes: ['run:read'] })).status).toBe(201);
    expect((await audit('key.created'))[0]).toMatchObject({ actor: `person:${ADA.email}`, data: { name: 'by-ada' } });
  });

  test('that is too large, or no JSON, is refused', async () => {
    const large = await visitor().ask('POST', '/auth/sign-in', { email: 'x'.repeat(20_000), password: 'x' });
    expect([large.status, code(large)]).toEqual([413, 'REQUEST_TOO_LARGE']);
    const form = await visitor().ask('POST', '/auth/sign-in', 'email=a', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(400);
  });
});

describe('sign-ins', () => {
  test(verifies('KEEP-01', 'are listed, and one that is ended opens nothing from then on'), async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const { signIns } = (await there.ask('GET', '/v1/me/sign-ins')).body() as {
      signIns: { signInId: string; current: boolean; agent: string }[];
    };
    const mine = signIns.filter(({ current }) => current);
    expect(mine).toMatchObject([{ agent: 'a test' }]);
    expect(JSON.stringify(signIns)).not.toContain(there.cookie.split('=')[1]?.split('.')[0]);
    const ended = await here.ask('POST', `/v1/me/sign-ins/${mine[0]?.signInId}/end`, {});
    expect(ended.status).toBe(200);
    expect((await there.ask('GET', '/v1/runs')).status).toBe(401);
    expect((await here.ask('GET', '/v1/runs')).status).toBe(200);
    const twice = await here.ask('POST', `/v1/me/sign-ins/${mine[0]?.signInId}/end`, {});
    expect(code(twice)).toBe('NOT_FOUND');
  });

  test('of a program there are none, and it ends nobody’s', async () => {
    const browser = await signedIn();
    const { signIns } = (await browser.ask('GET', '/v1/me/sign-ins')).body() as { signIns: { signInId: string }[] };
    const key = await api.key('run:read');
    const headers = { 'x-api-key': key };
    expect((await api.ask('GET', '/v1/me/sign-ins', { headers })).body()).toEqual({ signIns: [] });
    const path = `/v1/me/sign-ins/${signIns[0]?.signInId}/end`;
    expect((await api.ask('POST', path, { headers, body: {} })).status).toBe(404);
  });

  test('that have expired open nothing', async () => {
    const browser = await signedIn();
    await sql("update opsroom.sign_ins set expires_at = now() - interval '1 s'");
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  test('end by signing out', async () => {
    const browser = await signedIn();
    const { cookie } = browser;
    expect((await browser.ask('POST', '/auth/sign-out', {})).status).toBe(200);
    expect(browser.cookie).toBe('');
    expect((await visitor().ask('GET', '/v1/me', undefined, { cookie })).status).toBe(401);
    expect((await audit('person.signed_out'))[0]).toMatchObject({ actor: `person:${ADA.email}` });
  });

  test('of who is no member any more open nothing', async () => {
    const browser = await signedIn();
    const { rows } = await sql('delete from opsroom.members returning *');
    expect((await browser.ask('GET', '/v1/me')).body()).toMatchObject({ code: 'DENIED' });
    const refused = await visitor().ask('POST', '/auth/sign-in', { email: ADA.email, password: PASSWORD });
    expect(code(refused)).toBe('SIGN_IN_REFUSED');
    await sql('insert into opsroom.members select * from json_populate_record(null::opsroom.members, $1)', [rows[0]]);
  });
});

describe('a password', () => {
  const NEXT = 'another horse battery';
  test('is changed by who knows it, and ends every other sign-in', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const wrong = await here.ask('POST', '/auth/profile', { password: NEXT, current: 'guess' });
    expect([wrong.status, wrong.body()]).toMatchObject([400, { what: expect.stringContaining('wrong') }]);
    expect((await here.ask('POST', '/auth/profile', { password: NEXT })).status).toBe(400);
    expect((await here.ask('POST', '/auth/profile', { password: NEXT, current: PASSWORD })).status).toBe(200);
    expect((await there.ask('GET', '/v1/me')).status).toBe(401);
    expect((await here.ask('GET', '/v1/me')).status).toBe(200);
    const old = await visitor().ask('POST', '/auth/sign-in', { email: ADA.email, password: PASSWORD });
    expect(old.status).toBe(401);
  });

  test('that was forgotten is replaced by who may read the data directory', async () => {
    const token = await linkFor(ADA.email.toUpperCase());
    const browser = visitor();
    expect((await browser.ask('POST', '/auth/welcome/look', { token })).body()).toEqual({
      first: false,
      name: 'Ada',
      email: ADA.email,
    });
    expect((await browser.ask('POST', '/auth/welcome', { token, password: PASSWORD })).status).toBe(200);
    expect((await browser.ask('GET', '/v1/me')).body()).toMatchObject({ person: { name: 'Ada', hasPassword: true } });
    expect((await visitor().ask('POST', '/auth/welcome', { token })).body()).toMatchObject({
      code: 'LINK_REFUSED',
      what: expect.stringContaining('used'),
    });
    expect(await audit('owner.recovered')).toHaveLength(1);
    await signedIn();
  });

  test('of nobody can be set by a program', async () => {
    const denied = await visitor().ask('POST', '/auth/profile', { name: 'Eve' }, { 'x-api-key': api.local });
    expect([denied.status, code(denied)]).toEqual([403, 'DENIED']);
  });
});
