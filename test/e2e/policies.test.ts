import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPolicies } from '#authorise/policy/policies.js';
import { LOAD_PORTS, SHIPPED_POLICIES } from '#operations/policies/room-policies.js';
import { readiness } from '#operations/readiness.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

const PERMIT = '@id("all") @reason("All.") permit (principal, action, resource);\n';
const FREEZE =
  '@id("freeze") @reason("Nothing moves in December.") forbid (principal, action == Action::"run", resource);\n';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-own-policies-'));
  await write('all.cedar', PERMIT);
  api = await testApi({ env: { OPSROOM_POLICIES: folder } });
});
afterAll(async () => {
  await api?.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, 'new'), { recursive: true });
  await writeFile(join(folder, 'new', name), text);
  await rename(join(folder, 'new', name), join(folder, name));
}

const plan = {
  title: 'Deploy the shop',
  kind: 'deploy',
  target: { environment: 'production', app: 'shop', branch: 'main' },
  steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
};
const explain = async (body: object) => {
  const answer = await api.ask('POST', '/v1/policies/explain', { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body();
};
const noted = async () =>
  (
    await api.db.database.engine.query<{ data: Record<string, unknown> }>(
      `select data || jsonb_build_object('actor', actor) as data from opsroom.audit_entries where kind = 'policy.changed' order by seq`,
    )
  ).rows.map(({ data }) => data);

describe.sequential(verifies('POLICY-04', 'the policies of a room that serves'), () => {
  test('are shown with their words and places', async () => {
    expect((await api.ask('GET', '/v1/policies')).body()).toMatchObject({
      folder,
      shipped: false,
      problems: [],
      policies: [{ id: 'all', effect: 'permit', reason: 'All.', file: 'all.cedar', line: 1, approval: null }],
    });
  });

  test('explain what they say to a plan, and what of it they looked at', async () => {
    expect(await explain({ as: 'agent:gpt', plan: { value: plan } })).toMatchObject({
      effect: 'allow',
      policies: [{ id: 'all' }],
      principal: { kind: 'agent', agent: 'gpt' },
      requests: [
        { environment: 'production', app: 'shop', branch: 'main', kind: 'deploy', tools: ['shell'], isolated: false },
      ],
    });
  });

  test('what is said besides a plan overrides what it says, and nothing else', async () => {
    expect(await explain({ plan: { value: plan }, request: { app: 'blog' } })).toMatchObject({
      requests: [{ app: 'blog', environment: 'production', branch: 'main', kind: 'deploy', tools: ['shell'] }],
    });
    expect(await explain({ plan: { value: plan }, request: {} })).toMatchObject({
      requests: [{ app: 'shop', branch: 'main' }],
    });
  });

  test('a change counts at once, is noted with the digests before and after, and its text is kept', async () => {
    const before = (await api.ask('GET', '/v1/policies')).body()['digest'];
    await write('freeze.cedar', FREEZE);
    expect(await explain({ plan: { value: plan } })).toMatchObject({
      effect: 'deny',
      reason: 'Nothing moves in December.',
    });
    const after = (await api.ask('GET', '/v1/policies')).body()['digest'];
    expect(await noted()).toMatchObject([
      { before: null, after: before },
      {
        actor: 'opsroom',
        found: 'on the disk of here',
        before,
        after,
        folder,
        files: { 'freeze.cedar': expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
    const { rows } = await api.db.database.door(api.room.org, (tx) =>
      tx.query<{ text: string }>(
        `select files->>'freeze.cedar' as text from opsroom.policy_versions where digest = $1`,
        [after],
      ),
    );
    expect(rows).toEqual([{ text: FREEZE }]);
  });

  test('one that cannot be read refuses everything and says where; mended, the room goes on', async () => {
    await write('freeze.cedar', FREEZE.replace('forbid', 'forbit'));
    const refused = await explain({ request: { environment: 'dev' } });
    expect(refused).toMatchObject({
      effect: 'deny',
      policies: [],
      reason: expect.stringContaining('freeze.cedar, line 1'),
    });
    expect((await api.ask('GET', '/v1/policies')).body()).toMatchObject({
      policies: [],
      problems: [{ file: 'freeze.cedar', line: 1, message: expect.stringContaining('forbit') }],
    });
    await rm(join(folder, 'freeze.cedar'));
    expect(await explain({ request: { environment: 'dev' } })).toMatchObject({ effect: 'allow' });
    const kinds = (await noted()).map((data) => Array.isArray(data['problems']));
    expect(kinds).toEqual([false, false, true, false]);
  });

  test('whoever is refused because of it learns the place and the mend, and no intent is written or void', async () => {
    const wait =
      '@id("wait") @reason("One looks.") @approvers("owner") forbid (principal, action == Action::"run", resource) unless { context.approved };';
    await write('wait.cedar', wait);
    const made = await api.ask('POST', '/v1/intents', { body: { intent: 'deploy', plan: { value: plan } } });
    expect(made.status, made.text).toBe(201);
    const { intentId } = made.body() as { intentId: string };
    expect((await api.ask('GET', '/v1/runboard')).body()).toMatchObject({ tally: { needsYou: 0, approvals: 1 } });
    await write('freeze.cedar', FREEZE.replace('forbid', 'forbit'));
    expect((await api.ask('GET', '/ai/status')).body()).toMatchObject({
      status: 'error',
      runs: { needPerson: 1 },
      checks: expect.arrayContaining([
        { name: 'policies', ok: false, what: expect.stringContaining('freeze.cedar, line 1') },
        { name: 'people', ok: false, what: '1 intent waits for an approval' },
      ]),
    });
    expect(await readiness(api.room, 60_000)).toMatchObject({
      policies: 'unusable',
      problems: ['The policies cannot be used (freeze.cedar, line 1): nothing new begins.'],
    });
    const refusal = { code: 'POLICY_INVALID', mend: expect.stringContaining('`opsroom policy check`') };
    for (const [path, body] of [
      ['/v1/runs', { plan: { value: plan } }],
      ['/v1/intents', { intent: 'again', plan: { value: plan } }],
    ] as const) {
      const refused = await api.ask('POST', path, { body, headers: { 'idempotency-key': path } });
      expect([refused.status, refused.body()]).toMatchObject([422, refusal]);
      expect(refused.text).toContain('freeze.cedar, line 1');
    }
    const holds = async () => (await api.ask('GET', `/v1/intents/${intentId}`)).body()['holds'];
    expect(await holds()).toMatchObject({
      now: false,
      why: expect.stringContaining('freeze.cedar, line 1'),
      mend: refusal.mend,
    });
    await rm(join(folder, 'freeze.cedar'));
    expect(await holds()).toEqual({ now: true, why: null, mend: null });
    await write('freeze.cedar', FREEZE);
    expect(await holds()).toMatchObject({ now: false, why: 'policy freeze was added', mend: null });
    await rm(join(folder, 'freeze.cedar'));
    await rm(join(folder, 'wait.cedar'));
    expect(await holds()).toMatchObject({ now: false, why: 'policy wait was removed' });
    const again = await api.ask('POST', '/v1/intents', {
      body: { intent: 'again', plan: { value: plan } },
      headers: { 'idempotency-key': '/v1/intents' },
    });
    expect(again.status, again.text).toBe(201);
  });

  test('a folder that is away is told without the path to it', async () => {
    await rename(folder, `${folder}-away`);
    const told = await readiness(api.room, 60_000);
    await rename(`${folder}-away`, folder);
    expect(told).toMatchObject({
      database: 'ok',
      policies: 'unusable',
      problems: [`The policies cannot be used (${basename(folder)}): nothing new begins.`],
    });
    expect(JSON.stringify(told)).not.toContain(dirname(folder));
  });

  test.each([
    ['cannot be noted', () => Promise.reject(new Error('away'))],
    ['are not noted in time', () => new Promise<never>(() => undefined)],
  ])('policies that %s say nothing against the database', async (_, changed) => {
    const policies = openPolicies({
      ...LOAD_PORTS,
      home: folder,
      named: folder,
      shipped: SHIPPED_POLICIES,
      changed,
    });
    const told = await readiness({ ...api.room, policies }, 60_000);
    expect(told).toMatchObject({ database: 'ok', policies: 'unknown' });
  });

  test('policies that cannot be read keep nobody from stopping a run, and let none go on', async () => {
    const value = { title: 'Runs away', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] };
    const started = await api.ask('POST', '/v1/runs', { body: { plan: { value } } });
    expect(started.status, started.text).toBe(201);
    const { runId } = started.body() as { runId: string };
    await write('freeze.cedar', FREEZE.replace('forbid', 'forbit'));
    const asked = async (what: string) => (await api.ask('POST', `/v1/runs/${runId}/${what}`)).status;
    expect(await asked('pause')).toBe(200);
    expect(await asked('resume')).toBe(422);
    expect(await asked('cancel')).toBe(200);
    await rm(join(folder, 'freeze.cedar'));
  });

  test('what is said to an intent is explained as to whoever proposed it', async () => {
    await write(
      'wait.cedar',
      '@id("two") @reason("Two look.") @approvers("owner") @count("2") @window("Mon 00:00-00:01 UTC") forbid (principal, action == Action::"run", resource) unless { context.approved };',
    );
    const made = await api.ask('POST', '/v1/intents', { body: { intent: 'deploy', plan: { value: plan } } });
    expect(made.status, made.text).toBe(201);
    expect(await explain({ intent: 'last' })).toMatchObject({
      effect: 'needs_approval',
      rules: [{ policy: 'two', count: 2, opensAt: expect.stringMatching(/T00:00:00/) }],
      principal: { kind: 'machine', by: api.room.by },
      requests: [{ title: 'Deploy the shop', environment: 'production' }],
    });
    await rm(join(folder, 'wait.cedar'));
    expect(await explain({ intent: 'last', as: 'person:viewer' })).toMatchObject({ effect: 'allow' });
  });

  test('a question that is none is refused with the form that it should have', async () => {
    const answer = await api.ask('POST', '/v1/policies/explain', { body: { as: 'gpt' } });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('agent:gpt')]);
    expect((await api.ask('POST', '/v1/policies/explain', { body: { action: 'delete' } })).status).toBe(400);
  });
});
