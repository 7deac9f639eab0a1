import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from '#operations/invoke.js';
import { revokeKeyOperation } from '#operations/keys/revoke.js';
import { createOrganisation } from '#operations/organisations/create.js';
import { startRun } from '#operations/runs/start.js';
import { agentKey } from '../harness/authority.js';
import { ERAS, type McpRoom, mcpRoom } from '../harness/mcp.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let room: McpRoom;
let key: string;
/** Of an agent of another organisation. */
let stranger: string;

beforeAll(async () => {
  room = await mcpRoom({ heartbeatMs: 200 });
  key = await room.key('run:read', 'run:start', 'intent:propose');
  const { organisationId: org } = await invoke(createOrganisation, { name: 'Elsewhere' }, room.room);
  stranger = await agentKey({ ...room.room, org }, 'elsewhere', [
    'run:read',
    'run:start',
    'run:control',
    'intent:propose',
  ]);
}, 60_000);
afterAll(() => room.close());

const MODERN = '2026-07-28';
const envelope = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'a test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request with exactly these headers: `fetch` would not let some of them be chosen. */
function post(body: unknown, headers: Readonly<Record<string, string>> = {}, method = 'POST'): Promise<Answer> {
  const usual = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${key}`,
  };
  const sent = Object.fromEntries(Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== ''));
  return new Promise((resolve, reject) => {
    const asking = httpRequest(room.url, { method, headers: sent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asking.once('error', reject);
    asking.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
  });
}

describe('who may ask', () => {
  test.each([
    ['no key', { authorization: '' }, 401],
    ['a key that is none', { authorization: 'Bearer opsr_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, 401],
    ['a sign-in of a browser alone', { authorization: '', cookie: 'opsroom=abc' }, 401],
    ['two keys that differ', { 'x-api-key': 'opsr_other' }, 401],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page that hides its origin', { origin: 'null' }, 403],
    ['a name that was bound anew to this address', { host: 'rebound.example' }, 403],
    ['another name in a forwarded host', { host: 'rebound.example:4310', 'x-forwarded-host': 'localhost' }, 403],
  ])('%s is refused', async (_, headers, status) => {
    const answer = await post(list, headers);
    expect([answer.status, answer.text]).toEqual([status, expect.not.stringContaining('opsr_')]);
    expect(answer.text).not.toContain('inputSchema');
  });

  test('a key in x-api-key opens it as one in Authorization does, from a page of the room as well', async () => {
    const origin = new URL(room.url).origin;
    expect((await post(list, { authorization: '', 'x-api-key': key, origin })).status).toBe(200);
  });

  test('the credential of this machine opens it from this machine, and not through a proxy', async () => {
    expect((await post(list, { authorization: `Bearer ${room.local}` })).status).toBe(200);
    const passed = await post(list, { authorization: `Bearer ${room.local}`, 'x-forwarded-for': '203.0.113.9' });
    expect(passed.status).toBe(401);
  });
});

describe('what may be sent', () => {
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;

  test.each<[string, unknown, number]>([
    ['a batch', [list, list], 400],
    ['an empty batch', [], 400],
    ['no JSON', '{"jsonrpc":', 400],
    ['nothing', '', 400],
    ['text that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['a value nested without end', deep, 400],
    ['a message that is none', { hello: 'room' }, 400],
    ['a word', '"tools/list"', 400],
  ])('%s is refused', async (_, body, status) => {
    const answer = await post(body);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, expect.not.stringContaining('at Object')]);
  });

  test('more than 16 MiB is refused before it is read', async () => {
    const body = `"${'a'.repeat(16 * 1024 * 1024)}"`;
    expect((await room.ask('POST', '/mcp', { body })).status).toBe(413);
  });

  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['another type than JSON', { 'content-type': 'text/plain' }, 415],
    ['a version that nobody speaks', { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['the stateless version without what it asks for', { 'mcp-protocol-version': MODERN }, 400],
  ])('%s is refused', async (_, headers, status) => {
    expect((await post(list, headers)).status).toBe(status);
  });

  test('an unknown method is told as such, in either version', async () => {
    const old = await post({ ...list, method: 'rooms/open' });
    expect(old.text).toContain('-32601');
    const params = { _meta: envelope };
    const headers = { 'mcp-protocol-version': MODERN, 'mcp-method': 'rooms/open' };
    expect((await post({ ...list, method: 'rooms/open', params }, headers)).text).toContain('-32601');
  });

  test.each(['GET', 'DELETE', 'PUT'])('%s is refused: there is no session to read from or to end', async (method) => {
    const answer = await post('', { 'mcp-session-id': 'a-session' }, method);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  test.each(['of-nobody', '../../etc', 'a'.repeat(5000)])(
    'a session id that was made up opens nothing: %.20s',
    async (id) => {
      expect((await post(list, { 'mcp-session-id': id })).status).toBe(200);
      expect((await post(list, { 'mcp-session-id': id, authorization: '' })).status).toBe(401);
    },
  );
});

describe.each(ERAS)('in the %s version', (era) => {
  test(verifies('KEEP-02', 'nothing of an organisation is told to an agent of another'), async () => {
    const { runId } = await invoke(
      startRun,
      {
        plan: {
          value: {
            apiVersion: 'opsroom/v1',
            title: 'Ours alone',
            workspace: { kind: 'temp' },
            steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
          },
        },
      },
      room.room,
    );
    const client = await room.connect(stranger, era);
    const ask = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args });
    for (const [name, args] of [
      ['runs_get', { run: runId }],
      ['runs_plan', { run: runId }],
      ['runs_step', { run: runId, step: 'a' }],
      ['runs_logs', { run: runId }],
      ['proofs_chain', { run: runId }],
      ['runs_wait', { run: runId, seconds: 1 }],
      ['runs_cancel', { run: runId }],
      ['runs_rerun', { run: runId }],
    ] as const)
      expect([name, (await ask(name, args))._meta?.['opsroom/code']]).toEqual([name, 'NOT_FOUND']);
    for (const part of ['', '/plan', '/log', '/proof'])
      await expect(client.readResource({ uri: `opsroom://runs/${runId}${part}` })).rejects.toThrow();
    const everything = [await ask('runs_list', {}), await ask('ai_status', {}), await client.listResources()];
    expect(JSON.stringify(everything)).not.toContain('Ours alone');
  });
});

test('a subscription to what another organisation has hears nothing, and ends when its key does', async () => {
  const { keyId } = await revocable();
  const client = await room.connect(keyId.key, 'modern');
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  const plan = {
    value: {
      apiVersion: 'opsroom/v1',
      title: 'T',
      workspace: { kind: 'temp' },
      steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
    },
  };
  const { runId } = await invoke(startRun, { plan }, room.room);
  const subscription = await client.listen({ resourceSubscriptions: [`opsroom://runs/${runId}`, 'opsroom://status'] });
  const ended = subscription.closed;
  await invoke(startRun, { plan }, { ...room.room, org: keyId.org });
  await eventually(() => heard.length > 0);
  expect(new Set(heard)).toEqual(new Set(['opsroom://status']));
  await invoke(revokeKeyOperation, { key: 'for-a-while' }, { ...room.room, org: keyId.org });
  expect(await ended).not.toBe('local');
});

async function revocable() {
  const { organisationId: org } = await invoke(createOrganisation, { name: 'A third' }, room.room);
  return { keyId: { org, key: await agentKey({ ...room.room, org }, 'for-a-while', ['run:read']) } };
}
