import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '#identity/permissions.js';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { makeOwnerLink } from '#operations/people/owner-link.js';
import { type Answer, type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { type Page, Visitor } from '../harness/visitor.js';

const PASSWORD = 'correct horse battery';
let api: TestApi;
/** The first owner, signed in. */
let ada: Visitor;

beforeAll(async () => {
  api = await testApi();
  ada = new Visitor(api.app);
  const token = (await makeOwnerLink(api.room, 'http://localhost')).split('#token=')[1] ?? '';
  const came = await ada.ask('POST', '/auth/welcome', {
    token,
    name: 'Ada',
    email: 'ada@ops.example',
    password: PASSWORD,
  });
  expect(came.status, came.text).toBe(200);
});
afterAll(() => api.close());

const sql = (text: string, values: unknown[] = []) => api.db.database.engine.query(text, values);
const said = (answer: Page | Answer) => [answer.status, answer.body()];
const audited = async (kind: string) =>
  (await sql('select actor, data from opsroom.audit_entries where kind = $1 order by seq desc', [kind])).rows;
const linkOf = (made: { url: string }): string => made.url.split('#token=')[1] ?? '';

async function invited(role: Role, email?: string): Promise<string> {
  return linkOf(await invoke(createInvitation, { role, email }, api.room));
}

/** Somebody new, who came by an invitation. */
async function comes(email: string, role: Role): Promise<Visitor> {
  const browser = new Visitor(api.app);
  const token = await invited(role, email);
  const page = await browser.ask('POST', '/auth/invitation', { token, name: email.split('@')[0], password: PASSWORD });
  expect(page.status, page.text).toBe(200);
  return browser;
}

describe('an invitation', () => {
  test(verifies('KEEP-02', 'lets somebody in once, with the role and the e-mail that it names'), async () => {
    const made = await ada.ask('POST', '/v1/invitations', { email: 'Bea@ops.example', role: 'operator' });
    expect(said(made)).toMatchObject([201, { email: 'bea@ops.example', role: 'operator', state: 'waiting' }]);
    const token = linkOf(made.body() as { url: string });
    const bea = new Visitor(api.app);
    expect((await bea.ask('POST', '/auth/invitation/look', { token })).body()).toEqual({
      organisation: 'Local',
      role: 'operator',
      email: 'bea@ops.example',
      invitedBy: 'person:ada@ops.example',
      you: null,
    });
    const body = { token, name: 'Bea', password: PASSWORD };
    const both = await Promise.all([
      bea.ask('POST', '/auth/invitation', body),
      new Visitor(api.app).ask('POST', '/auth/invitation', body),
    ]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401]);
    const again = new Visitor(api.app);
    const { status } = await again.ask('POST', '/auth/sign-in', { email: 'bea@ops.example', password: PASSWORD });
    expect(status).toBe(200);
    expect((await again.ask('GET', '/v1/me')).body()).toMatchObject({
      by: 'person:bea@ops.example',
      person: { role: 'operator' },
      organisation: { slug: 'local' },
    });
    expect(await audited('invitation.accepted')).toMatchObject([
      { actor: 'person:bea@ops.example', data: { role: 'operator', invitedBy: 'person:ada@ops.example' } },
    ]);
  });

  test('is kept as a hash, and shown nowhere again', async () => {
    const token = await invited('viewer', 'kept@ops.example');
    const listed = await ada.ask('GET', '/v1/invitations');
    expect(listed.text).toContain('kept@ops.example');
    const kept = await Promise.all(
      ['invitations', 'audit_entries'].map((name) => sql(`select * from opsroom.${name}`)),
    );
    expect(listed.text + JSON.stringify(kept.map(({ rows }) => rows))).not.toContain(token);
    expect(api.logged.join('\n')).not.toContain(token);
  });

  test('that has expired, was taken back, or was made anew opens nothing, and says why', async () => {
    const use = (token: string) =>
      new Visitor(api.app).ask('POST', '/auth/invitation', { token, name: 'Eve', password: PASSWORD });
    const old = await invited('viewer', 'late@ops.example');
    await sql("update opsroom.invitations set expires_at = now() - interval '1 s' where email = 'late@ops.example'");
    expect(said(await use(old))).toMatchObject([
      401,
      { code: 'LINK_REFUSED', what: expect.stringContaining('expired') },
    ]);
    const [first, second] = [await invited('viewer', 'two@ops.example'), await invited('viewer', 'two@ops.example')];
    expect(said(await use(first))).toMatchObject([401, { what: expect.stringContaining('newer one') }]);
    const revoked = await ada.ask('POST', '/v1/invitations/two@ops.example/revoke', {});
    expect(said(revoked)).toMatchObject([200, { state: 'revoked', revokedBy: 'person:ada@ops.example' }]);
    expect(said(await use(second))).toMatchObject([401, { what: expect.stringContaining('taken back') }]);
    expect(said(await use(`opsi_${'A'.repeat(43)}`))).toMatchObject([401, { code: 'LINK_REFUSED' }]);
    expect((await sql("select 1 from opsroom.people where name = 'Eve'")).rowCount).toBe(0);
  });

  test('for one person is nobody else’s', async () => {
    const token = await invited('approver', 'only@ops.example');
    const other = await new Visitor(api.app).ask('POST', '/auth/invitation', {
      token,
      name: 'Eve',
      email: 'eve@ops.example',
      password: PASSWORD,
    });
    expect(said(other)).toMatchObject([401, { code: 'LINK_REFUSED' }]);
    expect(said(await ada.ask('POST', '/auth/invitation', { token }))).toMatchObject([
      401,
      { what: expect.stringContaining('for only@ops.example') },
    ]);
  });

  test('that is open lets its bearer name an e-mail, which proves nothing', async () => {
    const token = await invited('viewer');
    const guest = new Visitor(api.app);
    const without = await guest.ask('POST', '/auth/invitation', { token, name: 'Guest', password: PASSWORD });
    expect(said(without)).toMatchObject([400, { what: expect.stringContaining('email') }]);
    const taken = await guest.ask('POST', '/auth/invitation', {
      token,
      name: 'Guest',
      email: 'ada@ops.example',
      password: PASSWORD,
    });
    expect(said(taken)).toMatchObject([400, { what: expect.stringContaining('Somebody else has this e-mail') }]);
    const came = await guest.ask('POST', '/auth/invitation', {
      token,
      name: 'Guest',
      email: 'guest@elsewhere.example',
      password: PASSWORD,
    });
    expect(came.status, came.text).toBe(200);
    const { members } = (await ada.ask('GET', '/v1/members')).body() as { members: { email: string }[] };
    expect(members.find(({ email }) => email.startsWith('guest'))).toMatchObject({ emailVerified: false });
  });

  test('gives nobody more than who invites has', async () => {
    const admin = { 'x-api-key': await api.key('room:admin', 'run:read') };
    const invite = (role: Role) => api.ask('POST', '/v1/invitations', { headers: admin, body: { role } });
    expect(said(await invite('owner'))).toMatchObject([403, { code: 'DENIED' }]);
    expect(said(await invite('operator'))).toMatchObject([403, { what: expect.stringContaining('run:start') }]);
    expect((await invite('viewer')).status).toBe(201);
  });
});

describe('a member', () => {
  test(verifies('KEEP-02', 'has another role from the next request on, and loses keys that may do more'), async () => {
    const cy = await comes('cy@ops.example', 'owner');
    const made = await cy.ask('POST', '/v1/keys', { name: 'of-cy', scopes: ['room:admin'] });
    expect(made.status).toBe(201);
    const key = { 'x-api-key': String(made.body()['key']) };
    expect((await cy.ask('POST', '/v1/keys', { name: 'of-cy-too', scopes: ['run:read'] })).status).toBe(201);
    expect((await cy.ask('POST', '/v1/keys', { name: 'of-cy-once', scopes: ['room:admin'] })).status).toBe(201);
    await sql("update opsroom.api_keys set expires_at = now() - interval '1 s' where name = 'of-cy-once'");
    // Whoever takes a role away sees before which keys go with it.
    const { members } = (await ada.ask('GET', '/v1/members')).body() as {
      members: { email: string; keys: object[] }[];
    };
    expect(members.find(({ email }) => email === 'cy@ops.example')?.keys).toEqual([
      { name: 'of-cy', outlives: ['owner'] },
      { name: 'of-cy-too', outlives: ['owner', 'approver', 'operator', 'viewer'] },
    ]);
    // Who may not list keys hears of none.
    const reader = { 'x-api-key': await api.key('run:read') };
    const seen = await api.ask('GET', '/v1/members', { headers: reader });
    expect(seen.text).toContain('cy@ops.example');
    expect(seen.text).not.toContain('of-cy');
    const lowered = await ada.ask('POST', '/v1/members/cy@ops.example/role', { role: 'viewer' });
    expect(said(lowered)).toMatchObject([
      200,
      { role: 'viewer', revokedKeys: ['of-cy'], keys: [{ name: 'of-cy-too' }] },
    ]);
    expect((await cy.ask('GET', '/v1/keys')).status).toBe(403);
    expect((await api.ask('GET', '/v1/keys', { headers: key })).status).toBe(401);
    expect(await audited('member.role_changed')).toMatchObject([
      { actor: 'person:ada@ops.example', data: { email: 'cy@ops.example', role: 'viewer', before: 'owner' } },
    ]);
  });

  test(verifies('KEEP-02', 'who is removed is signed out at once, with their keys and invitations'), async () => {
    const di = await comes('di@ops.example', 'owner');
    const key = String((await di.ask('POST', '/v1/keys', { name: 'of-di', scopes: ['run:read'] })).body()['key']);
    const theirs = await di.ask('POST', '/v1/invitations', { role: 'viewer', email: 'late-di@ops.example' });
    const removed = await ada.ask('POST', '/v1/members/di@ops.example/remove', {});
    expect(said(removed)).toMatchObject([200, { endedSignIns: 1, revokedKeys: ['of-di'], keys: [] }]);
    expect((await di.ask('GET', '/v1/me')).status).toBe(401);
    expect((await api.ask('GET', '/v1/runs', { headers: { 'x-api-key': key } })).status).toBe(401);
    const late = await new Visitor(api.app).ask('POST', '/auth/invitation', {
      token: linkOf(theirs.body() as { url: string }),
      name: 'Late',
      password: PASSWORD,
    });
    expect(late.status).toBe(401);
    const back = await new Visitor(api.app).ask('POST', '/auth/sign-in', {
      email: 'di@ops.example',
      password: PASSWORD,
    });
    expect(said(back)).toMatchObject([401, { code: 'SIGN_IN_REFUSED' }]);
  });

  test('who comes back is who they were: a person, not a second one', async () => {
    const token = await invited('operator', 'di@ops.example');
    const anew = await new Visitor(api.app).ask('POST', '/auth/invitation', { token, name: 'Di', password: PASSWORD });
    expect(said(anew)).toMatchObject([400, { what: expect.stringContaining('has been here before') }]);
    const di = new Visitor(api.app);
    expect((await di.ask('POST', '/auth/sign-in', { email: 'di@ops.example', password: PASSWORD })).status).toBe(200);
    expect((await di.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'operator' } });
  });

  test(verifies('KEEP-02', 'who is the last owner stays, also of two who take each other out at once'), async () => {
    for (const [path, body] of [
      ['role', { role: 'viewer' }],
      ['remove', {}],
    ] as const) {
      const refused = await ada.ask('POST', `/v1/members/ada@ops.example/${path}`, body);
      expect(said(refused)).toMatchObject([409, { code: 'LAST_OWNER' }]);
    }
    for (let round = 0; round < 5; round++) {
      const other = await comes(`owner-${round}@ops.example`, 'owner');
      const answers = await Promise.all([
        ada.ask('POST', `/v1/members/owner-${round}@ops.example/remove`, {}),
        other.ask('POST', '/v1/members/ada@ops.example/remove', {}),
      ]);
      const { rows } = await sql(
        "select p.email from opsroom.members m join opsroom.people p on p.id = m.person_id where m.role = 'owner'",
      );
      expect(rows).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      if (rows[0]?.email === 'ada@ops.example') continue;
      const back = await invited('owner', 'ada@ops.example');
      ada = new Visitor(api.app);
      await ada.ask('POST', '/auth/sign-in', { email: 'ada@ops.example', password: PASSWORD });
      expect(back).toMatch(/^opsi_/);
      await ada.ask('POST', `/v1/members/owner-${round}@ops.example/remove`, {});
    }
  });

  test('is not changed by who may do less', async () => {
    const admin = { 'x-api-key': await api.key('room:admin', 'run:read') };
    const remove = await api.ask('POST', '/v1/members/ada@ops.example/remove', { headers: admin });
    expect(said(remove)).toMatchObject([403, { code: 'DENIED' }]);
    expect((await ada.ask('GET', '/v1/me')).status).toBe(200);
  });

  test('who is unknown is refused with the way to find them', async () => {
    const refused = await ada.ask('POST', '/v1/members/nobody@ops.example/remove', {});
    expect(said(refused)).toMatchObject([404, { mend: expect.stringContaining('opsroom members') }]);
  });
});

describe('an e-mail', () => {
  test('is not changed by its person alone: runs and the audit log know them by it', async () => {
    const fay = await comes('fay@ops.example', 'operator');
    const rename = { email: 'ceo@ops.example', current: PASSWORD };
    expect(said(await fay.ask('POST', '/auth/profile', rename))).toMatchObject([403, { code: 'DENIED' }]);
    expect(
      (await fay.ask('POST', '/auth/profile', { name: 'Fay F.', email: 'fay@ops.example', current: PASSWORD })).status,
    ).toBe(200);
    const changed = await ada.ask('POST', '/v1/members/fay@ops.example/email', { email: 'fay.f@ops.example' });
    expect(said(changed)).toMatchObject([200, { by: 'person:fay.f@ops.example', emailVerified: true }]);
    const [{ data }] = (await audited('member.email_changed')) as [{ data: object }];
    expect(data).toMatchObject({ personId: expect.any(String), email: 'fay.f@ops.example', before: 'fay@ops.example' });
  });

  test('that somebody had is nobody else’s again: what stands under it stays theirs', async () => {
    const token = await invited('viewer', 'fay@ops.example');
    const impostor = await new Visitor(api.app).ask('POST', '/auth/invitation', {
      token,
      name: 'Not Fay',
      password: PASSWORD,
    });
    expect(said(impostor)).toMatchObject([400, { what: expect.stringContaining('has been here before') }]);
    const taken = await ada.ask('POST', '/auth/profile', { email: 'fay@ops.example', current: PASSWORD });
    expect(said(taken)).toMatchObject([400, { what: expect.stringContaining('or had it') }]);
  });
});
