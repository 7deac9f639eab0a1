import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '#identity/permissions.js';
import { allowIdeApprovals } from '#operations/ide/allow.js';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { type Answer, type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';

let api: TestApi;
let gpt: string;
beforeAll(async () => {
  api = await testApi();
  gpt = (await invoke(createKey, { name: 'gpt', agent: 'gpt', scopes: ['intent:propose', 'run:read'] }, api.room)).key;
}, 60_000);
beforeEach(() => invoke(allowIdeApprovals, { allowed: true }, api.room));
afterAll(() => api.close());

let people = 0;
async function person(role: Role): Promise<Visitor> {
  const { url } = await invoke(createInvitation, { role, email: `p${++people}@ops.example` }, api.room);
  const browser = new Visitor(api.app);
  await browser.ask('POST', '/auth/invitation', {
    token: url.split('#token=')[1],
    name: role,
    password: 'correct horse battery',
  });
  return browser;
}

interface Opened {
  readonly sessionId: string;
  readonly key: string;
}
async function opened(by: Visitor): Promise<Opened> {
  const answer = await by.ask('POST', '/v1/ide-sessions', { name: 'cursor-laptop', hours: 1 });
  expect(answer.status, answer.text).toBe(201);
  return answer.body() as unknown as Opened;
}

const as = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  api.ask(method, path, { headers: { 'x-api-key': key }, ...(body === undefined ? {} : { body }) });

/** What an agent asks for, and waits. */
async function asked(title: string): Promise<string> {
  const value = {
    apiVersion: 'opsroom/v1',
    title,
    target: { environment: 'staging' },
    steps: [{ id: 'look', tool: 'http', args: { method: 'GET', url: 'http://example.invalid/' } }],
  };
  const answer = await as(gpt, 'POST', '/v1/intents', { intent: title, plan: { value } });
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body()).toMatchObject({ status: 'waiting' });
  return String(answer.body()['intentId']);
}

describe('a person in their editor', () => {
  it(verifies('POLICY-02', 'says yes as themselves, and the log names the editor'), async () => {
    const ada = await person('approver');
    const { key, sessionId } = await opened(ada);
    const intent = await asked('from the editor');
    const answer = await as(key, 'POST', `/v1/intents/${intent}/approve`, { reason: 'seen in the diff' });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body()).toMatchObject({ status: 'running' });
    const { rows } = await api.db.database.engine.query<{ actor: string; data: Record<string, unknown> }>(
      "select actor, data from opsroom.audit_entries where kind = 'call.intents.approve' order by seq desc limit 1",
    );
    expect(rows[0]?.actor).toMatch(/^person:p\d+@ops\.example$/);
    expect(rows[0]?.data).toMatchObject({
      who: { kind: 'person', ide: sessionId },
      from: { client: 'ide:cursor-laptop' },
    });
    const { sessions } = (await ada.ask('GET', '/v1/ide-sessions')).body() as unknown as { sessions: Opened[] };
    expect(sessions).toMatchObject([{ sessionId, name: 'cursor-laptop', endedAt: null }]);
  });

  it('may look and decide, and nothing else of what its person may', async () => {
    const { key } = await opened(await person('owner'));
    expect((await as(key, 'GET', '/v1/runs')).status).toBe(200);
    const me = await as(key, 'GET', '/v1/me');
    expect(me.body()['permissions']).toEqual(['run:read', 'approval:give']);
    const refusedAs = async (method: string, path: string, body?: unknown) =>
      [path, (await as(key, method, path, body)).body()['code']] as const;
    expect(
      await refusedAs('POST', '/v1/runs', {
        plan: {
          value: { apiVersion: 'opsroom/v1', title: 'no', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
        },
      }),
    ).toEqual(['/v1/runs', 'DENIED']);
    expect(await refusedAs('POST', '/v1/ide-sessions/allow', { allowed: true })).toEqual([
      '/v1/ide-sessions/allow',
      'DENIED',
    ]);
    expect(await refusedAs('POST', '/v1/ide-sessions', { name: 'another' })).toEqual(['/v1/ide-sessions', 'DENIED']);
  });

  it('breaks no glass', async () => {
    const { key } = await opened(await person('owner'));
    const intent = await asked('an emergency');
    const body = { reason: 'it burns', breakGlass: true };
    const answer = await as(key, 'POST', `/v1/intents/${intent}/approve`, body);
    expect(answer.body()).toMatchObject({ code: 'DENIED', where: 'breakGlass' });
  });

  it('cannot agree to what its person asked for', async () => {
    const ada = await person('approver');
    const { key } = await opened(ada);
    const value = {
      apiVersion: 'opsroom/v1',
      title: 'mine',
      target: { environment: 'production' },
      steps: [{ id: 'look', tool: 'shell', args: { run: 'true' } }],
    };
    const made = await ada.ask('POST', '/v1/intents', { intent: 'mine', plan: { value } });
    expect(made.body(), made.text).toMatchObject({ status: 'waiting' });
    const answer = await as(key, 'POST', `/v1/intents/${String(made.body()['intentId'])}/approve`, { reason: 'mine' });
    expect(answer.body()['code']).toBe('DENIED');
  });
});

describe('sessions of editors', () => {
  it('are off until an owner allows them, and end when that is taken back', async () => {
    const ada = await person('approver');
    const { key } = await opened(ada);
    await invoke(allowIdeApprovals, { allowed: false }, api.room);
    expect((await as(key, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'KEY_REFUSED', status: 401 });
    const answer = await ada.ask('POST', '/v1/ide-sessions', { name: 'more' });
    expect(answer.body()).toMatchObject({ code: 'DENIED', mend: expect.stringContaining('owner') });
    expect((await ada.ask('POST', '/v1/ide-sessions/allow', { allowed: true })).body()).toMatchObject({
      code: 'DENIED',
    });
  });

  it('end with their hours, with a word of their person or an owner, and with the membership', async () => {
    const [ada, bea, owner] = [await person('approver'), await person('approver'), await person('owner')];
    const [first, second, third] = [await opened(ada), await opened(ada), await opened(ada)];
    const end = (who: Visitor, { sessionId }: Opened) => who.ask('POST', `/v1/ide-sessions/${sessionId}/end`);
    expect((await end(bea, first)).body()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await end(ada, first)).status).toBe(200);
    expect((await as(first.key, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'KEY_REFUSED' });
    expect((await end(owner, second)).status).toBe(200);
    expect((await as(second.key, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'KEY_REFUSED' });
    await api.db.database.engine.query(
      "update opsroom.ide_sessions set expires_at = clock_timestamp() - interval '1 second' where id = $1",
      [third.sessionId],
    );
    expect((await as(third.key, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'KEY_REFUSED' });
    const fourth = await opened(bea);
    const { by } = (await bea.ask('GET', '/v1/me')).body();
    await api.db.database.engine.query(
      "delete from opsroom.members m using opsroom.people p where p.id = m.person_id and 'person:' || p.email = $1",
      [by],
    );
    expect((await as(fourth.key, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'DENIED' });
  });

  it('are opened by people in a browser alone, and only by those who may approve', async () => {
    const body = { name: 'cursor-laptop' };
    expect((await api.ask('POST', '/v1/ide-sessions', { body })).body()).toMatchObject({ code: 'DENIED' });
    expect((await as(gpt, 'POST', '/v1/ide-sessions', body)).body()).toMatchObject({ code: 'DENIED' });
    expect((await (await person('operator')).ask('POST', '/v1/ide-sessions', body)).body()).toMatchObject({
      code: 'DENIED',
    });
    expect((await as(`opsi_${'x'.repeat(43)}`, 'GET', '/v1/runs')).body()).toMatchObject({ code: 'KEY_REFUSED' });
  });
});
