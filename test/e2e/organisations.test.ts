import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { createOrganisation } from '#operations/organisations/create.js';
import { linkMachine } from '#operations/people/machine.js';
import { makeOwnerLink } from '#operations/people/owner-link.js';
import { startRun } from '#operations/runs/start.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';

const PASSWORD = 'correct horse battery';
let api: TestApi;
/** The first owner, who opened the link on the machine that printed it. */
let ada: Visitor;
beforeAll(async () => {
  api = await testApi();
  ada = new Visitor(api.app, 'http://localhost', '127.0.0.1');
  const token = (await makeOwnerLink(api.room, 'http://localhost')).split('#token=')[1];
  const body = { token, name: 'Ada', email: 'ada@ops.example', password: PASSWORD };
  const came = await ada.ask('POST', '/auth/welcome', body);
  expect(came.status, came.text).toBe(200);
});
afterAll(() => api.close());

const sql = (text: string, values: unknown[] = []) => api.db.database.engine.query(text, values);
const plan = (title: string) => ({
  value: { apiVersion: 'opsroom/v1', title, steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
});
const titles = async (browser: Visitor, query = '') => {
  const { runs } = (await browser.ask('GET', `/v1/runs${query}`)).body() as { runs: { title: string }[] };
  return runs.map(({ title }) => title).sort();
};

test(
  verifies('KEEP-02', 'the user of a machine and the person who opened their link there are one human'),
  async () => {
    const { principal } = await api.enter({ credential: api.local });
    const person = await api.enter({ cookie: ada.cookie });
    expect(principal).toMatchObject({ kind: 'machine', by: api.room.by, person: person.principal.person });
    expect(person.principal.aliases).toEqual(expect.arrayContaining(['person:ada@ops.example', api.room.by]));

    const machine = await api.enter({ credential: api.local });
    await invoke(startRun, { plan: plan('by the machine') }, machine);
    await ada.ask('POST', '/v1/runs', { plan: plan('by the person') });
    await invoke(startRun, { plan: plan('by a key') }, await api.enter({ credential: await api.key('run:start') }));
    expect(await titles(ada, '?requestedBy=me')).toEqual(['by the machine', 'by the person']);
    const asked = await api.ask('GET', '/v1/runs?requestedBy=me');
    expect((asked.body() as { runs: object[] }).runs).toHaveLength(2);
  },
);

test('who opens such a link on another machine is a person, and not that user until they are linked, with their keys', async () => {
  const other = await testApi();
  try {
    const far = new Visitor(other.app);
    const token = (await makeOwnerLink(other.room, 'http://localhost')).split('#token=')[1];
    expect((await far.ask('POST', '/auth/welcome', { token, name: 'Far' })).status).toBe(200);
    expect((await other.enter({ credential: other.local })).principal.person).toBeUndefined();
    const key = await other.key('run:read');
    const foreign = await invoke(
      createKey,
      { name: 'theirs', scopes: ['run:read'] },
      { ...other.room, by: 'user:bob@x' },
    );
    const whose = async (credential: string) => (await other.enter({ credential })).principal.person;
    expect(await whose(key)).toBeUndefined();
    const { rows } = await other.db.database.engine.query("select id from opsroom.people where name = 'Far'");
    await linkMachine(other.room, rows[0].id);
    expect([await whose(key), await whose(foreign.key)]).toEqual([rows[0].id, undefined]);
  } finally {
    await other.close();
  }
});

test(verifies('KEEP-02', 'one more organisation has its lanes, its owner and nothing else'), async () => {
  const machine = await api.enter({ credential: api.local });
  const made = await invoke(createOrganisation, { name: 'Acme Shops & Söhne' }, machine);
  expect(made).toMatchObject({ slug: 'acme-shops-so-hne', current: false });
  const lanes = await sql('select lane, width from opsroom.lanes where org_id = $1 order by lane', [
    made.organisationId,
  ]);
  expect(lanes.rows.map(({ lane }) => lane)).toEqual(['A', 'B', 'C', 'D']);
  await expect(invoke(createOrganisation, { name: 'acme shops so hne' }, machine)).rejects.toMatchObject({
    code: 'USAGE',
  });
  await expect(invoke(createOrganisation, { name: '日本' }, machine)).rejects.toMatchObject({ code: 'USAGE' });
  expect((await ada.ask('POST', '/v1/organisations', { name: 'Mine' })).body()).toMatchObject({ code: 'DENIED' });

  const { organisations } = (await ada.ask('GET', '/v1/organisations')).body() as { organisations: object[] };
  expect(organisations).toMatchObject([
    { slug: 'local', current: true },
    { slug: 'acme-shops-so-hne', current: false },
  ]);
  expect((await ada.ask('POST', '/v1/organisations/acme-shops-so-hne/switch', {})).status).toBe(200);
  expect((await ada.ask('GET', '/v1/me')).body()).toMatchObject({
    organisation: { slug: 'acme-shops-so-hne' },
    person: { role: 'owner' },
  });
  expect(await titles(ada)).toEqual([]);
  const { members } = (await ada.ask('GET', '/v1/members')).body() as { members: object[] };
  expect(members).toMatchObject([{ email: 'ada@ops.example', role: 'owner' }]);
});

test(verifies('KEEP-02', 'a key belongs to the organisation in which it was made'), async () => {
  const made = await ada.ask('POST', '/v1/keys', { name: 'acme-ci', scopes: ['run:read', 'run:start'] });
  const headers = { 'x-api-key': String(made.body()['key']) };
  expect((await api.ask('POST', '/v1/runs', { headers, body: { plan: plan('of acme') } })).status).toBe(201);
  expect(await titles(ada)).toEqual(['of acme']);
  expect((await api.ask('GET', '/v1/me', { headers })).body()).toMatchObject({
    organisation: { slug: 'acme-shops-so-hne' },
  });
  const switched = await api.ask('POST', '/v1/organisations/local/switch', { headers, body: {} });
  expect(switched.body()).toMatchObject({ code: 'DENIED' });
});

test(verifies('KEEP-02', 'somebody works where they are a member, with the role that they have there'), async () => {
  const url = (await invoke(createInvitation, { role: 'viewer', email: 'bea@ops.example' }, api.room)).url;
  const bea = new Visitor(api.app);
  await bea.ask('POST', '/auth/invitation', { token: url.split('#token=')[1], name: 'Bea', password: PASSWORD });
  const refused = await bea.ask('POST', '/v1/organisations/acme-shops-so-hne/switch', {});
  const unknown = await bea.ask('POST', '/v1/organisations/no-such-one/switch', {});
  expect([refused.status, unknown.status]).toEqual([404, 404]);

  const invited = await ada.ask('POST', '/v1/invitations', { role: 'operator', email: 'bea@ops.example' });
  const token = String(invited.body()['url']).split('#token=')[1];
  expect((await bea.ask('POST', '/auth/invitation/look', { token })).body()).toMatchObject({
    organisation: 'Acme Shops & Söhne',
    you: { email: 'bea@ops.example' },
  });
  expect((await bea.ask('POST', '/auth/invitation', { token })).status).toBe(200);
  expect((await bea.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'operator' } });
  await bea.ask('POST', '/v1/organisations/local/switch', {});
  expect((await bea.ask('GET', '/v1/me')).body()).toMatchObject({ person: { role: 'viewer' } });

  // Out of the one in which they do not work now: their sign-in goes on where it is.
  expect((await ada.ask('POST', '/v1/members/bea@ops.example/remove', {})).body()).toMatchObject({ endedSignIns: 0 });
  expect((await bea.ask('GET', '/v1/me')).body()).toMatchObject({ organisation: { slug: 'local' } });
});

test('an organisation that the command line names is looked up, and one that is not there is refused with those that are', async () => {
  const { inOrganisation } = await import('#operations/organisations/choose.js');
  const acme = await inOrganisation(api.room, 'acme-shops-so-hne');
  expect(acme.org).not.toBe(api.room.org);
  expect(await inOrganisation(api.room, acme.org)).toMatchObject({ org: acme.org });
  await expect(inOrganisation(api.room, 'acme-shops-so-hn')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    mend: 'Did you mean "acme-shops-so-hne"?',
  });
});

test('a stream ends when its reader works in another organisation', async () => {
  const short = await testApi({ heartbeatMs: 50 });
  try {
    const token = (await makeOwnerLink(short.room, 'http://localhost')).split('#token=')[1];
    const bea = new Visitor(short.app, 'http://localhost', '127.0.0.1');
    await bea.ask('POST', '/auth/welcome', { token, name: 'Bea', email: 'bea@ops.example', password: PASSWORD });
    await invoke(createOrganisation, { name: 'Other', slug: 'other' }, await short.enter({ credential: short.local }));
    const headers = { host: 'localhost', 'sec-fetch-site': 'same-origin', cookie: bea.cookie };
    const stream = await short.app.request('/v1/events', { headers });
    expect(stream.status).toBe(200);
    expect((await bea.ask('POST', '/v1/organisations/other/switch', {})).status).toBe(200);
    expect(await stream.text()).toMatch(/event: problem\ndata: .*DENIED/);
  } finally {
    await short.close();
  }
});
