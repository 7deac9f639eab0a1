import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChainRecord } from '#ir/proof.js';
import { OpsroomError } from '#kit/errors.js';
import { approveIntent, rejectIntent, withdrawIntent } from '#operations/intents/answers.js';
import { createIntent } from '#operations/intents/create.js';
import { getIntent } from '#operations/intents/get.js';
import { listIntentsOperation } from '#operations/intents/list.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { getRun } from '#operations/runs/get.js';
import { rerun } from '#operations/runs/rerun.js';
import { cancelRun } from '#operations/runs/signals.js';
import { startRun } from '#operations/runs/start.js';
import { readChain } from '#record/store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { agentKey, agentRoom, intentEntries, personRoom, projectFile } from '../harness/authority.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const DEPLOY = `apiVersion: opsroom/v1
kind: deploy
title: "Deploy to {{ inputs.environment }}"
inputSchema:
  type: object
  properties:
    environment: { enum: [staging, production], default: staging }
    ref: { type: string, default: v1 }
target: { environment: "{{ inputs.environment }}", app: shop }
workspace: { kind: temp }
steps:
  - { id: release, title: Release, tool: shell, sandbox: { level: bubblewrap }, args: { run: 'echo "$REF"', env: { REF: "{{ inputs.ref }}" } } }
`;
const production = { value: plan('production') };

function plan(environment: string, more: object = {}) {
  const steps = [{ id: 'release', title: 'Release', tool: 'shell', args: { run: 'echo released' } }];
  const workspace = { kind: 'temp' };
  return { apiVersion: 'opsroom/v1', title: 'Release the shop', target: { environment }, workspace, steps, ...more };
}

let api: TestApi;
let ada: Room;
let joe: Room;
let gpt: string;
beforeAll(async () => {
  api = await testApi();
  ada = personRoom(api.room, 'ada', 'owner');
  joe = personRoom(api.room, 'joe', 'operator');
  await projectFile(api.room, 'ops/deploy.yaml', DEPLOY);
  gpt = await agentKey(api.room, 'gpt', ['run:read', 'run:start', 'intent:propose']);
});
afterAll(() => api.close());

const asGpt = (method: string, path: string, body?: unknown) =>
  api.ask(method, path, { ...(body === undefined ? {} : { body }), headers: { 'x-api-key': gpt } });

describe('what an agent asks for', () => {
  it(
    verifies('POLICY-01', "waits, in the seed's own words, and neither `approved` nor `initiator` is believed"),
    async () => {
      const body = { intent: 'deploy', target: 'staging', initiator: 'root', approved: true };
      const answer = await asGpt('POST', '/ai/intents', body);
      expect(answer.status).toBe(201);
      expect(answer.body()).toMatchObject({
        intent: 'deploy',
        target: 'staging',
        initiator: 'gpt',
        approved: false,
        status: 'waiting',
        runId: null,
      });
      const id = String(answer.body()['id']);
      expect(answer.headers.get('location')).toBe(`/ai/intents/${id}`);
      const stored = await invoke(getIntent, { intent: id }, ada);
      expect(stored.claimed).toEqual({ target: 'staging', initiator: 'root', approved: true });
      expect(stored.proposer).toMatchObject({ kind: 'agent', by: 'key:gpt', agent: 'gpt' });
      expect(stored.steps[0]?.args).toMatchObject({ env: { REF: 'v1' } });
      expect((await asGpt('GET', `/ai/intents/${id}`)).body()).toMatchObject({ id, status: 'waiting' });
      expect((await asGpt('GET', '/ai/intents?limit=1')).body()).toMatchObject({ intents: [{ id }] });
    },
  );

  it(
    verifies('POLICY-02', 'is never approved by an agent: no key has the permission, and no policy can give it'),
    async () => {
      const { intentId } = await invoke(createIntent, { intent: 'deploy', target: 'staging' }, agent());
      const refused = await asGpt('POST', `/v1/intents/${intentId}/approve`, { reason: 'yes' });
      expect(refused.status).toBe(403);
      const forged = { ...agent(), permissions: new Set(['approval:give', 'run:read'] as const) };
      await expect(invoke(approveIntent, { intent: intentId, reason: 'yes' }, forged)).rejects.toMatchObject({
        code: 'DENIED',
        message: expect.stringContaining('Only people approve'),
      });
      expect(await status(intentId)).toBe('waiting');
    },
  );

  it(verifies('POLICY-02', 'does not deploy to main, through no door and by no wording'), async () => {
    const toMain = plan('staging', { inputSchema: { properties: { ref: { type: 'string' } } } });
    const bodies = [
      ['/v1/intents', { plan: { value: plan('staging', { target: { branch: 'main' } }) } }],
      ['/v1/intents', { plan: { value: toMain }, inputs: { ref: 'refs/heads/main' } }],
      ['/v1/runs', { plan: { value: toMain }, inputs: { ref: 'main' } }],
      ['/ai/intents', { intent: 'deploy', target: 'staging', inputs: { ref: 'main' } }],
    ] as const;
    for (const [path, body] of bodies) {
      const answer = await asGpt('POST', path, body);
      expect(answer.status, path).toBe(403);
      expect(answer.text).toContain('gpt-not-to-main');
    }
    const denied = await invoke(listIntentsOperation, { status: ['denied'] }, ada);
    expect(denied.intents.length).toBe(3);
    expect((await intentEntries(api.room)).filter(({ kind }) => kind === 'intent.denied').length).toBe(3);
  });

  it(verifies('POLICY-01', 'is found by its name, else by its kind where only one plan is of that kind'), async () => {
    await projectFile(api.room, 'plans/ship-shop.yaml', DEPLOY.replace('kind: deploy', 'kind: ship'));
    const ask = (intent: string) => asGpt('POST', '/ai/intents', { intent, target: 'staging' });
    const [byName, byKind] = [await ask('ship-shop'), await ask('ship')];
    expect([byName.status, byKind.status]).toEqual([201, 201]);
    const found = await invoke(getIntent, { intent: String(byKind.body()['id']) }, ada);
    expect(found.source).toEqual({ kind: 'file', name: 'plans/ship-shop.yaml' });
    await projectFile(api.room, 'plans/ship-site.yaml', DEPLOY.replace('kind: deploy', 'kind: ship'));
    const several = await ask('ship');
    expect([several.status, several.text]).toEqual([
      404,
      expect.stringContaining('2 are of that kind: plans/ship-shop.yaml, plans/ship-site.yaml'),
    ]);
    // Of the templates that come with the room, when the project has none of that kind.
    expect((await ask('rotate')).text).toMatch(/admin.{1,3} is missing/);
    expect((await ask('update')).text).toContain('3 are of that kind: template:docker-image-update');
    expect((await ask('postgres')).text).toContain('Near are: template:postgres-backup');
    expect((await ask('deplyo')).text).toContain('Did you mean \\"deploy\\"?');
  });

  it('for something that does not exist is refused, and noted', async () => {
    const answer = await asGpt('POST', '/ai/intents', { intent: 'undeploy', target: 'staging' });
    expect([answer.status, answer.body()['code']]).toEqual([404, 'NOT_FOUND']);
    await projectFile(api.room, 'ops/fixed.yaml', JSON.stringify(plan('staging')));
    const elsewhere = await asGpt('POST', '/ai/intents', { intent: 'fixed', target: 'mars' });
    expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining('does not work on')]);
    const listed = { environment: { enum: ['dev', 'staging'] } };
    const chosen = plan('{{ inputs.environment }}', { inputSchema: { required: ['environment'], properties: listed } });
    await projectFile(api.room, 'ops/choose.yaml', JSON.stringify(chosen));
    for (const [target, said] of [
      ['qa', 'The target \\"qa\\" is not one of dev, staging.'],
      [undefined, 'No target is named, and the plan works on one of dev, staging.'],
    ]) {
      const unknown = await asGpt('POST', '/ai/intents', { intent: 'choose', target });
      expect([unknown.status, unknown.text]).toEqual([422, expect.stringContaining(said ?? '')]);
      expect(unknown.text).not.toContain('--input');
    }
    for (const name of ['../../etc/passwd', '/etc/passwd', '.opsroom/keys/x'])
      expect((await asGpt('POST', '/v1/intents', { plan: { name } })).status).toBe(400);
  });

  const agent = () => agentRoom(api.room, 'gpt', ['run:read', 'run:start', 'intent:propose']);
});

describe('a run that policy lets nobody start alone', () => {
  it(
    verifies('POLICY-02', 'is refused at every door with who may agree, runs once they did, and its proof names them'),
    async () => {
      await expect(invoke(startRun, { plan: production }, joe)).rejects.toMatchObject({
        code: 'APPROVAL_NEEDED',
        message: expect.stringContaining('1 of approver, owner (production-approved'),
      });
      const asked = await invoke(createIntent, { plan: production, reason: 'The fix is in.' }, joe);
      expect(asked).toMatchObject({ status: 'waiting', intent: 'Release the shop', runId: null });
      await expect(invoke(approveIntent, { intent: asked.intentId, reason: 'mine' }, joe)).rejects.toMatchObject({
        code: 'DENIED',
      });
      const own = await invoke(createIntent, { plan: production, intent: 'ada asks' }, ada);
      await expect(invoke(approveIntent, { intent: own.intentId, reason: 'mine' }, ada)).rejects.toMatchObject({
        code: 'DENIED',
        message: expect.stringContaining('Nobody approves what they asked for'),
      });
      const yes = await invoke(approveIntent, { intent: asked.intentId, reason: 'Seen on staging.' }, ada);
      expect(yes).toMatchObject({ status: 'running', approvals: [{ by: ada.by, verdict: 'approve' }] });
      const [genesis] = await readChain(api.room.database.engine, api.room.org, String(yes.runId));
      expect((genesis as ChainRecord).body).toMatchObject({
        type: 'genesis',
        requestedBy: joe.by,
        planDigest: yes.planDigest,
        approvals: [
          {
            by: ada.by,
            role: 'owner',
            reason: 'Seen on staging.',
            intent: yes.intentId,
            policies: ['production-approved'],
            planDigest: yes.planDigest,
            policyDigest: yes.decision.policyDigest,
          },
        ],
      });
      expect(await invoke(getRun, { run: String(yes.runId) }, joe)).toMatchObject({ intent: asked.intentId });
      const kinds = (await intentEntries(api.room)).filter(({ data }) => data['intentId'] === yes.intentId);
      expect(kinds.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
        `intent.proposed ${joe.by}`,
        `intent.agreed ${ada.by}`,
        `intent.approved ${ada.by}`,
        `intent.started ${ada.by}`,
      ]);
    },
  );

  it('ends by one no, or when it is taken back, and tells whoever comes later', async () => {
    const first = await invoke(createIntent, { plan: production, intent: 'one' }, joe);
    const no = await invoke(rejectIntent, { intent: first.intentId, reason: 'Not on a Friday.' }, ada);
    expect(no).toMatchObject({ status: 'rejected', word: `${ada.by}: Not on a Friday.` });
    await expect(invoke(approveIntent, { intent: first.intentId, reason: 'but' }, ada)).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      message: expect.stringContaining('was rejected: person:ada@ops.example: Not on a Friday.'),
    });
    const second = await invoke(createIntent, { plan: production, intent: 'two' }, joe);
    await expect(
      invoke(withdrawIntent, { intent: second.intentId }, personRoom(api.room, 'eve', 'operator')),
    ).rejects.toMatchObject({ code: 'DENIED' });
    expect(await invoke(withdrawIntent, { intent: second.intentId, reason: 'later' }, joe)).toMatchObject({
      status: 'withdrawn',
    });
  });

  it('is replaced by a newer one of the same for the same', async () => {
    const old = await invoke(createIntent, { plan: production, intent: 'again' }, joe);
    const other = await invoke(
      createIntent,
      { plan: production, intent: 'again' },
      personRoom(api.room, 'eve', 'operator'),
    );
    const next = await invoke(createIntent, { plan: production, intent: 'again' }, joe);
    expect(next.supersedes).toBe(old.intentId);
    expect(await invoke(getIntent, { intent: old.intentId }, joe)).toMatchObject({
      status: 'superseded',
      supersededBy: next.intentId,
    });
    expect(await status(other.intentId)).toBe('waiting');
  });
});

describe('whoever decides', () => {
  it('sees what differs from the last run there, what is dangerous, and how it went before', async () => {
    const before = plan('production', { title: 'Compare' });
    const steps = [
      { id: 'release', title: 'Release', tool: 'shell', args: { run: 'rm -rf "$HOME/old"' } },
      { id: 'tell', title: 'Tell', tool: 'shell', readOnly: true, args: { run: 'echo told' } },
    ];
    const asked = await invoke(createIntent, { plan: { value: before }, intent: 'first' }, joe);
    const { runId } = await invoke(approveIntent, { intent: asked.intentId, reason: 'yes' }, ada);
    await api.room.database.engine.query(
      `update opsroom.runs set status = 'succeeded', word = 'proven', started_at = clock_timestamp() - interval '90 s', ended_at = clock_timestamp() where id = $1`,
      [runId],
    );
    const next = await invoke(createIntent, { plan: { value: { ...before, steps } }, intent: 'second' }, joe);
    const seen = await invoke(getIntent, { intent: next.intentId }, ada);
    expect(seen.diff).toMatchObject({
      runId,
      same: 0,
      steps: [
        { id: 'release', change: 'changed', differences: [{ path: 'args.run', before: 'echo released' }] },
        { id: 'tell', change: 'added' },
      ],
    });
    expect(seen.history).toMatchObject([{ runId, status: 'succeeded', word: 'proven' }]);
    expect(seen.usuallyMs).toBeGreaterThanOrEqual(90_000);
    expect(seen.warnings.join('\n')).toMatch(/release: runs programs that are not isolated/);
    expect(seen.steps[0]?.warnings.some((one) => /remove|delete/.test(one))).toBe(true);
    expect(seen.policies).toMatchObject([{ id: 'production-approved', text: expect.stringContaining('forbid') }]);
    expect(seen.holds).toEqual({ now: true, why: null, mend: null });
    // What came of it is not what came before it.
    expect(await invoke(getIntent, { intent: asked.intentId }, ada)).toMatchObject({ history: [], diff: null });
  });

  it(verifies('POLICY-01', 'and whoever watches the room is told of every step of it'), async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const watching = (async () => {
      for await (const batch of api.hub.watchRoom(ada, { signal: stop.signal, quietMs: 60_000 }))
        if (batch.kind === 'events')
          told.push(
            ...batch.events
              .filter(({ type }) => type.startsWith('intent.'))
              .map(({ type, title }) => `${type} ${title}`),
          );
    })();
    const asked = await invoke(createIntent, { plan: production, intent: 'watched' }, joe);
    // The first event that is seen shows that it watches; those before it are no loss.
    await eventually(async () => {
      if (told.length === 0) await invoke(createIntent, { plan: production, intent: 'watched' }, joe);
      return told.length > 0;
    });
    expect(asked.status).toBe('waiting');
    const again = await invoke(createIntent, { plan: production, intent: 'watched too' }, joe);
    await invoke(rejectIntent, { intent: again.intentId, reason: 'no' }, ada);
    await eventually(() => told.includes('intent.rejected Release the shop'));
    expect(told).toContain('intent.proposed Release the shop');
    stop.abort();
    await watching;
  });
});

describe('a program that goes wild', () => {
  it('fills no inbox: a hundred of its intents wait at most, and a newer one of the same still takes the place of the older', async () => {
    const wild = personRoom(api.room, 'wild', 'operator');
    for (let n = 0; n < 100; n++) await invoke(createIntent, { plan: production, intent: `wish ${n}` }, wild);
    await expect(invoke(createIntent, { plan: production, intent: 'one more' }, wild)).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      message: expect.stringContaining('100 intents of person:wild@ops.example wait already'),
    });
    const again = await invoke(createIntent, { plan: production, intent: 'wish 7' }, wild);
    expect(again.supersedes).not.toBeNull();
    const page = await invoke(listIntentsOperation, { proposedBy: wild.by, status: ['waiting'], limit: 60 }, ada);
    const rest = await invoke(
      listIntentsOperation,
      { proposedBy: wild.by, status: ['waiting'], limit: 60, cursor: page.next ?? undefined },
      ada,
    );
    expect([page.intents.length, rest.intents.length, rest.next]).toEqual([60, 40, null]);
    expect(new Set([...page.intents, ...rest.intents].map(({ intentId }) => intentId)).size).toBe(100);
  });
});

describe('what an intent may not do', () => {
  it('is to reach into another organisation, or to be approved at large', async () => {
    const { intentId } = await invoke(createIntent, { plan: production, intent: 'ours' }, joe);
    const elsewhere = { ...ada, org: '00000000-0000-7000-8000-0000000000ff' };
    for (const [operation, input] of [
      [getIntent, { intent: intentId }],
      [approveIntent, { intent: intentId, reason: 'theirs' }],
      [rejectIntent, { intent: intentId, reason: 'theirs' }],
      [withdrawIntent, { intent: intentId }],
    ] as const)
      await expect(invoke<unknown, unknown>(operation as never, input, elsewhere)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    await expect(invoke(approveIntent, { intent: intentId, reason: 'x'.repeat(2001) }, ada)).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(invoke(approveIntent, { intent: intentId, reason: ' ' }, ada)).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(invoke(createIntent, { plan: production, reason: 'x'.repeat(2001) }, joe)).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(invoke(createIntent, {}, joe)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('names no plan'),
    });
  });

  it('is told by `rerun` as well: a re-run wants its own approval', async () => {
    const first = await invoke(createIntent, { plan: production, intent: 'rerun me' }, joe);
    const { runId } = await invoke(approveIntent, { intent: first.intentId, reason: 'yes' }, ada);
    await expect(invoke(rerun, { run: String(runId), fresh: true }, joe)).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
    });
    const asked = await invoke(createIntent, { plan: { run: String(runId), fresh: true }, intent: 'rerun it' }, joe);
    expect(asked.source).toEqual({ kind: 'run', name: String(runId).slice(-8) });
    expect(await invoke(approveIntent, { intent: asked.intentId, reason: 'once more' }, ada)).toMatchObject({
      status: 'running',
    });
  });
});

describe('one’s own', () => {
  it('is what one asked for under any of one’s names', async () => {
    const before = personRoom(api.room, 'old', 'operator');
    const asked = await invoke(createIntent, { plan: production, intent: 'before' }, before);
    const by = 'person:new@ops.example';
    const principal = { ...before.principal, by, aliases: [by, before.by] };
    const mine = await invoke(listIntentsOperation, { proposedBy: 'me' }, { ...before, by, principal });
    expect(mine.intents.map(({ intentId }) => intentId)).toEqual([asked.intentId]);
  });
});

describe('what stops a run', () => {
  it('goes through while the policies are being written', async () => {
    const { runId } = await invoke(startRun, { plan: { value: plan('dev') } }, joe);
    expect((await invoke(getRun, { run: runId }, joe)).intent).toBeNull();
    const change = () =>
      Promise.reject(new OpsroomError('POLICY_INVALID', { what: 'The policies change without end.' }));
    const editing = { ...joe, policies: { ...joe.policies, describe: change, decide: change } };
    await expect(invoke(cancelRun, { run: runId }, editing)).resolves.toBeDefined();
  });
});

describe('what policy allows', () => {
  it('runs at once; whoever may only propose still waits for a person', async () => {
    const dev = { value: plan('dev') };
    expect(await invoke(createIntent, { plan: dev }, joe)).toMatchObject({
      status: 'running',
      runId: expect.any(String),
    });
    const only = { ...joe, permissions: new Set(['run:read', 'intent:propose'] as const) };
    const asked = await invoke(createIntent, { plan: dev, intent: 'only ask' }, only);
    expect(asked).toMatchObject({ status: 'waiting', rules: [{ policy: 'permission run:start' }] });
    expect(await invoke(approveIntent, { intent: asked.intentId, reason: 'fine' }, ada)).toMatchObject({
      status: 'running',
    });
  });
});

async function status(id: string): Promise<string> {
  return (await invoke(getIntent, { intent: id }, ada)).status;
}
