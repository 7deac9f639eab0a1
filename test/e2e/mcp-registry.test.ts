import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookSoon } from '#catalog/mcp/server-store.js';
import type { Worker } from '#execute/worker.js';
import { followRun } from '#operations/follow.js';
import { startMcpWatch } from '#operations/mcp/watch.js';
import { type TestApi, testApi } from '../harness/api.js';
import { EVERYTHING, fixture } from '../harness/mcp-servers.js';
import { countRunning, eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let worker: Worker;
let folder: string;

beforeAll(async () => {
  api = await testApi();
  worker = await api.open.startWorker('all');
  folder = await mkdtemp(join(tmpdir(), 'opsroom-mcp-'));
});
afterAll(async () => {
  await worker.drain(1000);
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const get = async (path: string) => (await api.ask('GET', path)).body();
const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', path, { body, headers });

const add = (name: string, ...args: string[]) =>
  post('/v1/mcp/servers', { name, transport: 'stdio', command: process.execPath, args });

const plan = (tool: string, args: object, more: object = {}) => ({
  value: { apiVersion: 'opsroom/v1', title: 'Calls MCP', steps: [{ id: 'say', tool, args }], ...more },
});
const echo = plan('mcp:every:echo', { message: 'hello' });

/** Runs a plan to its end. */
async function run(body: object): Promise<{ runId: string; status: unknown; error: unknown }> {
  const started = await post('/v1/runs', body);
  expect(started.status, started.text).toBe(201);
  const { runId } = started.body() as { runId: string };
  for await (const _ of followRun(api.room, runId)) continue;
  const { status, steps } = (await get(`/v1/runs/${runId}`)) as { status: string; steps: { error: unknown }[] };
  return { runId, status, error: steps[0]?.error };
}

const decisionsOf = async (runId: string) => (await get(`/v1/runs/${runId}/decisions`))['decisions'];
const audit = async (kind: string) =>
  (await api.db.database.engine.query('select actor, data from opsroom.audit_entries where kind = $1', [kind])).rows;

describe('the registry', () => {
  test(
    verifies('TOOL-05', 'seeded servers are there and disabled; one that is registered has its tools at once'),
    async () => {
      expect(await get('/v1/mcp/servers')).toMatchObject({
        servers: ['desktop-commander', 'docker', 'github', 'kubernetes'].map((name) => ({ name, enabled: false })),
      });
      const made = await add('every', EVERYTHING);
      expect(made.status, made.text).toBe(201);
      expect(made.body()).toMatchObject({ state: 'ok', tools: { flagged: 0 }, speaks: { era: 'legacy' } });
      const shown = { tool: 'mcp:every:echo', callable: true, consentedBy: api.room.by };
      expect(await get('/v1/mcp/tools?server=every')).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining(shown)]),
      });
      expect(await get('/v1/mcp/servers/every/tools/echo')).toMatchObject({ versions: [{ version: 1 }] });
      expect(await audit('mcp.server_created')).toMatchObject([{ actor: api.room.by, data: { name: 'every' } }]);
    },
  );

  test(verifies('TOOL-04', 'a plan names a tool of a server, with its arguments'), async () => {
    expect(await run({ plan: echo })).toMatchObject({ status: 'succeeded' });
    const generic = plan('mcp', { server: 'every', tool: 'echo', arguments: { message: '{{ inputs.words }}' } });
    const declared = { ...generic.value, inputs: { words: 'said' } };
    expect(await run({ plan: { value: declared } })).toMatchObject({ status: 'succeeded' });
  });

  test('what does not fit the tool is no plan', async () => {
    const wrong = await post('/v1/plans/compile', { plan: plan('mcp:every:echo', { message: 1 }) });
    expect(wrong.text).toContain('must be string');
    const unknown = await post('/v1/plans/compile', { plan: plan('mcp:every:ecko', { message: 'x' }) });
    expect(unknown.text).toContain('mcp:every:echo');
    expect((await post('/v1/plans/compile', { plan: plan('mcp:nowhere:x', {}) })).status).toBe(422);
    const hidden = plan('mcp', { server: '{{ run.id }}', tool: 'echo', arguments: {} });
    expect((await post('/v1/plans/compile', { plan: hidden })).status).toBe(422);
    const later = await post('/v1/plans/compile', { plan: plan('mcp:every:echo', { message: '{{ run.id }}' }) });
    expect(later.status, later.text).toBe(200);
  });

  test('a tool that changes what it says is not called until a person consents to what it says now', async () => {
    const state = join(folder, 'changing.json');
    const say = (said: object) => writeFile(state, JSON.stringify(said));
    await say({ description: 'Reads.', annotations: { readOnlyHint: true } });
    await add('sly', fixture('changing.mjs'), state);
    const act = { plan: plan('mcp:sly:act', {}) };
    expect(await run(act)).toMatchObject({ status: 'succeeded' });
    await say({ description: 'Reads.', annotations: { destructiveHint: true } });
    expect((await post('/v1/mcp/servers/sly/check')).body()).toMatchObject({ tools: { total: 1, flagged: 1 } });
    expect(await run(act)).toMatchObject({ status: 'failed', error: { code: 'MCP_CONSENT' } });
    expect(await audit('mcp.tools_flagged')).toMatchObject([{ data: { tools: [{ name: 'act' }] } }]);
    const { digest, flags } = (await get('/v1/mcp/servers/sly/tools/act')) as { digest: string; flags: string[] };
    expect(flags).toContain('now says that it may destroy');
    const key = await api.key('room:admin', 'run:read');
    const consent = { tools: [{ name: 'act', digest }] };
    const byKey = await post('/v1/mcp/servers/sly/consent', consent, { 'x-api-key': key });
    expect(byKey.status).toBe(403);
    await say({ description: 'Reads, and sends it away.', annotations: { destructiveHint: true } });
    await post('/v1/mcp/servers/sly/check');
    expect((await post('/v1/mcp/servers/sly/consent', consent)).status).toBe(409);
    const now = (await get('/v1/mcp/servers/sly/tools/act'))['digest'];
    const done = await post('/v1/mcp/servers/sly/consent', { tools: [{ name: 'act', digest: now }] });
    expect(done.body()).toMatchObject({ tools: [{ callable: true, consentedBy: api.room.by }] });
    expect(await run(act)).toMatchObject({ status: 'succeeded' });
    await say({ description: 'Reads.', annotations: { readOnlyHint: true } });
    expect((await post('/v1/mcp/servers/sly/check')).body()).toMatchObject({ tools: { flagged: 1 } });
  });

  test('which servers there are, and what they are, is for people: no key changes or connects one', async () => {
    const key = { 'x-api-key': await api.key('room:admin', 'secret:manage', 'run:read') };
    const body = {
      name: 'keyed',
      transport: 'stdio',
      command: process.execPath,
      args: [fixture('hostile.mjs'), 'quiet'],
    };
    expect((await post('/v1/mcp/servers', body, key)).text).toContain('DENIED');
    expect(await get('/v1/mcp/servers')).not.toMatchObject({
      servers: expect.arrayContaining([expect.objectContaining({ name: 'keyed' })]),
    });
    const asked = await Promise.all([
      post('/v1/mcp/servers/every', { args: [fixture('hostile.mjs')] }, key),
      ...['remove', 'enable', 'check'].map((what) => post(`/v1/mcp/servers/every/${what}`, {}, key)),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await get('/v1/mcp/tools?server=every')).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: 'echo', callable: true })]),
    });
  });

  test('a server that is another program afterwards waits for consent anew, though it says the same', async () => {
    await add('moved', fixture('hostile.mjs'), 'quiet');
    const act = { plan: plan('mcp:moved:act', {}) };
    expect(await run(act)).toMatchObject({ status: 'succeeded' });
    const change = (body: object) => post('/v1/mcp/servers/moved', body);
    const same = await change({ sandbox: { level: 'none', network: true } });
    expect(same.body()).toMatchObject({ tools: { total: 1, flagged: 0 } });
    const other = await change({ args: [fixture('hostile.mjs'), 'other'] });
    expect(other.body()).toMatchObject({ state: 'ok', tools: { total: 1, flagged: 1 } });
    expect(await run(act)).toMatchObject({ status: 'failed', error: { code: 'MCP_CONSENT' } });
    const { digest } = (await get('/v1/mcp/servers/moved/tools/act')) as { digest: string };
    await post('/v1/mcp/servers/moved/consent', { tools: [{ name: 'act', digest }] });
    expect(await run(act)).toMatchObject({ status: 'succeeded' });
  });

  test('what a server lists after its first look is new, also when that look was empty', async () => {
    const state = join(folder, 'empty.json');
    await writeFile(state, '[]');
    const made = await add('patient', fixture('changing.mjs'), state);
    expect(made.body()).toMatchObject({ state: 'ok', tools: { total: 0 } });
    await writeFile(state, '{}');
    const later = await post('/v1/mcp/servers/patient/check');
    expect(later.body()).toMatchObject({ tools: { total: 1, flagged: 1 } });
    const found = await run({ plan: plan('mcp:patient:act', {}) });
    expect(found).toMatchObject({ status: 'failed', error: { code: 'MCP_CONSENT' } });
  });

  test('of a server that lists too much nothing is kept, and what is gone unconsented is forgotten', async () => {
    const state = join(folder, 'many.json');
    const list = (...names: string[]) => writeFile(state, JSON.stringify(names.map((name) => ({ name }))));
    const check = async () => (await post('/v1/mcp/servers/many/check')).body();
    const kept = async () => {
      const { tools } = (await get('/v1/mcp/tools?server=many')) as { tools: { name: string; goneAt: unknown }[] };
      return tools.map(({ name }) => name).sort();
    };
    await list('first');
    await add('many', fixture('changing.mjs'), state);
    await list(...Array.from({ length: 501 }, (_, n) => `t${n}`));
    expect(await check()).toMatchObject({
      state: 'failing',
      error: { code: 'MCP_FAILED', message: expect.stringContaining('lists 501 tools') },
    });
    expect(await kept()).toEqual(['first']);
    await list('second');
    expect(await check()).toMatchObject({ state: 'ok', tools: { total: 1, flagged: 1 } });
    await list('third');
    await check();
    const { rows } = await api.db.database.engine.query<{ name: string }>(
      `select t.name from opsroom.mcp_tools t join opsroom.mcp_servers s on s.id = t.server_id where s.name = 'many' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['first', 'third']);
  });

  test('a plan finds a server by its name alone: lists, policies and rates know no other', async () => {
    const { servers } = (await get('/v1/mcp/servers')) as { servers: { serverId: string; name: string }[] };
    const id = servers.find(({ name }) => name === 'every')?.serverId;
    const byId = await run({ plan: plan('mcp', { server: id, tool: 'echo', arguments: { message: 'x' } }) });
    expect(byId).toMatchObject({ status: 'failed', error: { code: 'MCP_UNAVAILABLE' } });
  });

  test('what cannot be a server is refused, with what to use instead', async () => {
    const at = (more: object) =>
      post('/v1/mcp/servers', { name: 'x', transport: 'http', url: 'https://x.example', ...more });
    expect((await at({ headers: { Authorization: 'Bearer abc' } })).text).toContain(
      'a credential is named, not written',
    );
    expect((await at({ transport: 'websocket' })).text).toContain('Streamable HTTP');
    expect((await at({ url: 'wss://x.example' })).text).toContain('WebSocket is no transport of MCP');
    const bare = { name: 'x', transport: 'stdio', command: 'x', args: ['{{ secrets.X }}'] };
    expect((await post('/v1/mcp/servers', bare)).text).toContain('handed over by env');
    expect((await post('/v1/mcp/servers/github/enable')).body()).toMatchObject({
      state: 'failing',
      error: { code: 'MCP_UNAVAILABLE', message: expect.stringContaining('GITHUB_TOKEN') },
    });
    await post('/v1/mcp/servers/github/disable');
  });

  test('a server that says without end that its tools have changed is looked at once in five seconds', async () => {
    await post('/v1/mcp/servers/every/check');
    const { engine } = api.db.database;
    const { rows } = await engine.query<{ org: string; id: string }>(
      "select org_id as org, id from opsroom.mcp_servers where name = 'every'",
    );
    for (let n = 0; n < 50; n += 1) await lookSoon(engine, rows[0]?.org ?? '', rows[0]?.id ?? '');
    const { rows: next } = await engine.query<{ s: number }>(
      "select extract(epoch from look_at - looked_at)::float8 as s from opsroom.mcp_servers where name = 'every'",
    );
    expect(next).toEqual([{ s: 5 }]);
  });

  test('a room that is up looks by itself, and anew when a server says that its tools have changed', async () => {
    const state = join(folder, 'noisy.json');
    await writeFile(state, '{}');
    const body = {
      name: 'noisy',
      transport: 'stdio',
      command: process.execPath,
      args: [fixture('changing.mjs'), state],
    };
    await post('/v1/mcp/servers', { ...body, enabled: false });
    await api.db.database.engine.query("update opsroom.mcp_servers set enabled = true where name = 'noisy'");
    const watch = startMcpWatch(api.room);
    const tool = async () => {
      const { tools } = (await get('/v1/mcp/tools?server=noisy')) as { tools: { version: number }[] };
      return tools[0]?.version;
    };
    await eventually(async () => (await tool()) === 1);
    await writeFile(state, JSON.stringify({ description: 'Another.' }));
    await eventually(async () => (await tool()) === 2);
    await watch.close();
    await eventually(async () => (await countRunning(state)) === 0);
  });
});

describe('what a run may call', () => {
  test(
    verifies('TOOL-06', 'a call that a list of the run or its session does not name fails before it is made'),
    async () => {
      const refused = await run({ plan: echo, tools: ['shell'] });
      expect(refused).toMatchObject({ status: 'failed', error: { code: 'TOOL_NOT_ALLOWED' } });
      await post('/v1/sessions', { name: 'narrow' });
      await post('/v1/sessions/narrow/allow', { tools: ['mcp:every:get-*'] });
      expect(await run({ plan: echo, session: 'narrow' })).toMatchObject({ error: { code: 'TOOL_NOT_ALLOWED' } });
      await post('/v1/sessions/narrow/allow', { tools: ['mcp:every:*'] });
      expect(await run({ plan: echo, session: 'narrow' })).toMatchObject({ status: 'succeeded' });
      const twice = await run({ plan: echo, session: 'narrow', tools: ['shell'] });
      expect(twice).toMatchObject({ status: 'failed' });
      expect((await get(`/v1/runs/${twice.runId}`))['mayCall']).toEqual([
        { of: 'run', tools: ['shell'] },
        { of: 'session', tools: ['mcp:every:*'] },
      ]);
      const other = plan('mcp', { server: 'sly', tool: 'echo', arguments: {} });
      const elsewhere = await run({ plan: other, session: 'narrow' });
      expect(elsewhere).toMatchObject({
        error: { code: 'TOOL_NOT_ALLOWED', message: expect.stringContaining('mcp:sly:echo') },
      });
    },
  );

  test('a plan whose own list does not name its step is refused; a re-run keeps the list of its run', async () => {
    const outside = plan('mcp:every:echo', { message: 'x' }, { tools: ['http'] });
    expect((await post('/v1/plans/compile', { plan: outside })).text).toContain('does not name mcp:every:echo');
    const { runId } = await run({ plan: echo, tools: ['shell'] });
    const again = await post(`/v1/runs/${runId}/rerun`);
    const id = (again.body() as { runId: string }).runId;
    for await (const _ of followRun(api.room, id)) continue;
    expect(await get(`/v1/runs/${id}`)).toMatchObject({ status: 'failed' });
    const intent = await post('/v1/intents', { plan: echo, tools: ['shell'] });
    const begun = (intent.body() as { runId: string }).runId;
    for await (const _ of followRun(api.room, begun)) continue;
    expect(await get(`/v1/runs/${begun}`)).toMatchObject({ status: 'failed' });
    expect((await post('/v1/intents', { plan: { run: runId }, tools: ['shell'] })).status).toBe(400);
  });

  test(verifies('TOOL-09', 'why a call was made or refused, and by whom it was asked for, can be read'), async () => {
    const metadata = { source: 'goal', model: 'gpt-5.2' };
    const listed = plan('mcp:every:echo', { message: 'x' }, { tools: ['mcp'], metadata });
    const { runId } = await run({ plan: listed, tools: ['mcp:every:*'] });
    expect(await decisionsOf(runId)).toMatchObject([
      {
        run: runId,
        step: 'say',
        call: 'mcp:every:echo',
        decision: 'allowed',
        permittedBy: [
          { of: 'plan', entry: 'mcp' },
          { of: 'run', entry: 'mcp:every:*' },
        ],
        refusal: null,
        askedBy: api.room.by,
        model: 'gpt-5.2',
        source: 'goal',
      },
    ]);
    const refused = await run({ plan: echo, tools: [] });
    expect(await decisionsOf(refused.runId)).toMatchObject([
      { decision: 'refused', refusal: expect.stringContaining('The list of the run') },
    ]);
    const unlisted = await run({ plan: echo });
    expect(await decisionsOf(unlisted.runId)).toMatchObject([{ decision: 'allowed', permittedBy: [] }]);
  });

  test('a server’s rate is a limit of the room', async () => {
    const set = await post('/v1/limits', { calls: { 'mcp:every': { perSecond: 50, burst: 5 } } });
    expect(set.body()).toMatchObject({ calls: [{ name: 'mcp:every' }] });
    expect((await post('/v1/limits', { calls: { 'mcp:nowhere': null } })).status).toBe(400);
    expect(await run({ plan: echo })).toMatchObject({ status: 'succeeded' });
  });
});
