import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#identity/permissions.js';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { setEmail } from '#operations/members/set-email.js';
import { createOrganisation } from '#operations/organisations/create.js';
import { makeOwnerLink } from '#operations/people/owner-link.js';
import type { Room } from '#operations/room.js';
import { type Answer, type TestApi, testApi } from '../harness/api.js';
import { type Page, Visitor } from '../harness/visitor.js';

/** Two organisations of one installation. People belong to the installation, so the owners of one must not decide who is who in the other. */
const PASSWORD = 'correct horse battery';
let api: TestApi;
/** The machine's user in the second organisation. */
let acme: Room;
/** The owner of the first organisation, who is a viewer in the second. */
let ada: Visitor;
/** The owner of the second organisation, and nothing in the first. */
let mal: Visitor;

const linkOf = ({ url }: { url: string }): string => url.split('#token=')[1] ?? '';
const said = (answer: Page | Answer) => [answer.status, answer.body()];

async function comes(room: Room, role: Role, email: string, by?: Visitor): Promise<Visitor> {
  const token = linkOf(await invoke(createInvitation, { role, email }, room));
  const browser = by ?? new Visitor(api.app);
  const body = by ? { token } : { token, name: email.split('@')[0], password: PASSWORD };
  const page = await browser.ask('POST', '/auth/invitation', body);
  expect(page.status, page.text).toBe(200);
  return browser;
}

const signIn = async (email: string): Promise<Visitor> => {
  const browser = new Visitor(api.app);
  expect((await browser.ask('POST', '/auth/sign-in', { email, password: PASSWORD })).status).toBe(200);
  return browser;
};
const organisationsOf = async (browser: Visitor): Promise<string[]> => {
  const { organisations } = (await browser.ask('GET', '/v1/organisations')).body() as {
    organisations: { slug: string }[];
  };
  return organisations.map(({ slug }) => slug);
};
const verified = async (email: string): Promise<unknown> => {
  const { rows } = await api.db.database.engine.query('select email_verified from opsroom.people where email = $1', [
    email,
  ]);
  return rows[0]?.email_verified;
};

beforeAll(async () => {
  api = await testApi();
  const { organisationId } = await invoke(createOrganisation, { name: 'Acme', slug: 'acme' }, api.room);
  acme = { ...api.room, org: organisationId };
  ada = await comes(api.room, 'owner', 'ada@ops.example');
  await comes(acme, 'viewer', 'ada@ops.example', ada);
  mal = await comes(acme, 'owner', 'mal@acme.example');
});
afterAll(() => api.close());

test('of somebody who is more than a member of one’s own organisation is changed by no owner and no key of it', async () => {
  const made = await mal.ask('POST', '/v1/keys', { name: 'of-mal', scopes: ['room:admin', 'run:read'] });
  const key = { 'x-api-key': String(made.body()['key']) };
  const path = '/v1/members/ada@ops.example/email';
  const body = { email: 'mallory@evil.example' };
  expect(said(await mal.ask('POST', path, body))).toMatchObject([403, { code: 'DENIED' }]);
  expect(said(await api.ask('POST', path, { headers: key, body }))).toMatchObject([403, { code: 'DENIED' }]);
  expect(await verified('ada@ops.example')).toBe(true);
});

test('is changed by the user of the machine, and each organisation of that person is told', async () => {
  await comes(api.room, 'viewer', 'eva@ops.example', await comes(acme, 'viewer', 'eva@ops.example'));
  const changed = await invoke(setEmail, { member: 'eva@ops.example', email: 'eva.e@ops.example' }, acme);
  expect(changed).toMatchObject({ email: 'eva.e@ops.example', emailVerified: true });
  const { rows } = await api.db.database.engine.query(
    `select org_id from opsroom.audit_entries where kind = 'member.email_changed' and data->>'email' = 'eva.e@ops.example'`,
  );
  expect(new Set(rows.map(({ org_id }) => org_id))).toEqual(new Set([api.room.org, acme.org]));
});

test('of one’s own is not changed by who is less than an owner somewhere', async () => {
  const both = await comes(acme, 'owner', 'bo@acme.example');
  await comes(api.room, 'viewer', 'bo@acme.example', both);
  await both.ask('POST', '/v1/organisations/acme/switch', {});
  const answer = await both.ask('POST', '/auth/profile', { email: 'boss@ops.example', current: PASSWORD });
  expect(said(answer)).toMatchObject([403, { code: 'DENIED' }]);
});

test('that an owner of one organisation vouches for opens no invitation of another', async () => {
  await invoke(createInvitation, { role: 'owner', email: 'cto@ops.example' }, api.room);
  // One that they give themselves.
  const own = await mal.ask('POST', '/auth/profile', { email: 'cto@ops.example', current: PASSWORD });
  expect(own.status, own.text).toBe(200);
  expect(await organisationsOf(await signIn('cto@ops.example'))).toEqual(['acme']);
  // One that they give somebody of theirs.
  await mal.ask('POST', '/auth/profile', { email: 'mal@acme.example', current: PASSWORD });
  await invoke(createInvitation, { role: 'owner', email: 'ceo@ops.example' }, api.room);
  await comes(acme, 'viewer', 'sock@acme.example');
  const given = await mal.ask('POST', '/v1/members/sock@acme.example/email', { email: 'ceo@ops.example' });
  expect(said(given)).toMatchObject([200, { emailVerified: false }]);
  expect(await organisationsOf(await signIn('ceo@ops.example'))).toEqual(['acme']);
  // One that they invite, to open the link themselves.
  await invoke(createInvitation, { role: 'owner', email: 'cfo@ops.example' }, api.room);
  const invited = await mal.ask('POST', '/v1/invitations', { email: 'cfo@ops.example', role: 'viewer' });
  const token = linkOf(invited.body() as { url: string });
  const body = { token, name: 'Sock', password: PASSWORD };
  expect((await new Visitor(api.app).ask('POST', '/auth/invitation', body)).status).toBe(200);
  expect(await organisationsOf(await signIn('cfo@ops.example'))).toEqual(['acme']);
  expect(await Promise.all(['ceo', 'cfo'].map((name) => verified(`${name}@ops.example`)))).toEqual([false, false]);
});

test('that the first owner of one more organisation gives opens no invitation either', async () => {
  const { organisationId } = await invoke(createOrganisation, { name: 'Later', slug: 'later' }, api.room);
  const token = (await makeOwnerLink({ ...api.room, org: organisationId }, 'http://localhost')).split('#token=')[1];
  await invoke(createInvitation, { role: 'owner', email: 'coo@ops.example' }, api.room);
  const body = { token, name: 'Eve', email: 'coo@ops.example', password: PASSWORD };
  expect((await new Visitor(api.app).ask('POST', '/auth/welcome', body)).status).toBe(200);
  expect(await organisationsOf(await signIn('coo@ops.example'))).toEqual(['later']);
});

test('that who owns every organisation vouches for counts in all of them', async () => {
  const single = await testApi();
  try {
    const token = (await makeOwnerLink(single.room, 'http://localhost')).split('#token=')[1];
    const owner = new Visitor(single.app);
    await owner.ask('POST', '/auth/welcome', { token, name: 'Ada', email: 'ada@ops.example', password: PASSWORD });
    const made = await owner.ask('POST', '/v1/invitations', { email: 'bea@ops.example', role: 'viewer' });
    const bea = new Visitor(single.app);
    const link = linkOf(made.body() as { url: string });
    await bea.ask('POST', '/auth/invitation', { token: link, name: 'Bea', password: PASSWORD });
    const { members } = (await owner.ask('GET', '/v1/members')).body() as { members: object[] };
    expect(members).toMatchObject([{ emailVerified: true }, { email: 'bea@ops.example', emailVerified: true }]);
  } finally {
    await single.close();
  }
});
