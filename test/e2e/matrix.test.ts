import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY_SCOPES, type Permission, ROLES, type Role } from '#identity/permissions.js';
import { asOpsroomError, CATALOGUE, type ErrorCode } from '#kit/errors.js';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { OPERATIONS } from '#operations/registry.js';
import type { Room } from '#operations/room.js';
import { EXAMPLES } from '#server/examples.js';
import { OFFERS, toolName } from '#server/mcp/offered.js';
import { callTool } from '#server/mcp/tools.js';
import { pathMembers, ROUTES } from '#server/routes.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';
import { MATRIX, type Row } from './matrix.table.js';
import { digestsOf, orgOf, seeded } from './matrix.world.js';

const LIMIT = 300_000;
const PASSWORD = 'correct horse battery';

/** Somebody who asks, and by what they are known at each door. */
interface Asker {
  readonly name: string;
  readonly role?: Role;
  readonly scopes: readonly Permission[];
  readonly headers: Readonly<Record<string, string>>;
  readonly room: Room;
}

let api: TestApi;
const askers: Asker[] = [];
/** The owner of another organisation. */
let stranger: Asker;

async function person(role: Role, room: Room, email: string): Promise<Asker> {
  const { url } = await invoke(createInvitation, { role, email }, room);
  const browser = new Visitor(api.app);
  const body = { token: url.split('#token=')[1], name: role, password: PASSWORD };
  const came = await browser.ask('POST', '/auth/invitation', body);
  expect(came.status, came.text).toBe(200);
  const { cookie } = browser;
  const headers = {
    cookie,
    'x-opsroom': '1',
    'sec-fetch-site': 'same-origin',
    origin: 'http://localhost',
  };
  return { name: role, role, scopes: [], headers, room: await api.enter({ cookie }) };
}

async function key(name: string, scopes: readonly (typeof KEY_SCOPES)[number][], agent?: string): Promise<Asker> {
  const made = await invoke(createKey, { name: name.replaceAll(/[ :]/g, '-'), scopes: [...scopes], agent }, api.room);
  return { name, scopes, headers: { 'x-api-key': made.key }, room: await api.enter({ credential: made.key }) };
}

beforeAll(async () => {
  api = await testApi();
  for (const role of ROLES) askers.push(await person(role, api.room, `${role}@ops.example`));
  for (const scope of KEY_SCOPES) askers.push(await key(`key with ${scope}`, [scope]));
  askers.push(await key('agent', KEY_SCOPES, 'gpt'));
  const elsewhere = { ...api.room, org: await orgOf(api, 'Elsewhere') };
  stranger = await person('owner', elsewhere, 'owner@elsewhere.example');
}, LIMIT);
afterAll(() => api.close());

type Door = (name: string, input: Readonly<Record<string, unknown>>, asker: Asker) => Promise<Outcome>;

interface Outcome {
  /** `may`, or the code of what keeps them out. */
  readonly verdict: string;
  readonly code: string;
  readonly text: string;
}

const outcomeOf = (http: number, code: string, text: string): Outcome => ({
  verdict: http === 401 || http === 403 ? code : 'may',
  code,
  text,
});

async function overHttp(
  name: string,
  input: Readonly<Record<string, unknown>>,
  headers: Asker['headers'],
): Promise<Outcome> {
  const route = ROUTES[name];
  if (!route) throw new Error(`${name} has no route`);
  const inPath = new Set([...pathMembers(route.path), route.header?.member]);
  const rest = Object.entries(input).filter(([member]) => !inPath.has(member));
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, member: string) => encodeURIComponent(String(input[member])));
  const query = new URLSearchParams();
  for (const [member, value] of rest)
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) query.append(member, String(one));
  const posted = { body: JSON.stringify(Object.fromEntries(rest)), headers: { 'content-type': 'application/json' } };
  const { body, headers: type } = route.method === 'GET' ? { body: null, headers: {} } : posted;
  const answer = await api.app.request(route.method === 'GET' ? `${path}?${query.toString()}` : path, {
    method: route.method,
    body,
    headers: { host: 'localhost', ...type, ...headers },
  });
  const text = await answer.text();
  return outcomeOf(answer.status, answer.status < 400 ? 'ok' : (JSON.parse(text) as { code: string }).code, text);
}

async function byInvoking(name: string, input: Readonly<Record<string, unknown>>, room: Room): Promise<Outcome> {
  const operation = OPERATIONS.find((one) => one.name === name);
  if (!operation) throw new Error(`${name} is not there`);
  try {
    return outcomeOf(200, 'ok', JSON.stringify(await invoke(operation, input, room)));
  } catch (error) {
    const told = asOpsroomError(error);
    return outcomeOf(CATALOGUE[told.code].http, told.code, `${told.message} ${told.mend}`);
  }
}

async function asTool(name: string, input: Readonly<Record<string, unknown>>, room: Room): Promise<Outcome> {
  const asking = { hub: api.hub, signal: new AbortController().signal, progress: () => Promise.resolve() };
  const { content, isError, _meta } = await callTool({ name: toolName(name), args: { ...input } }, room, asking);
  const code = isError === true ? (String(_meta?.['opsroom/code']) as ErrorCode) : 'ok';
  return outcomeOf(code === 'ok' ? 200 : CATALOGUE[code].http, code, JSON.stringify(content));
}

const DOORS: Readonly<Record<string, Door>> = {
  http: (name, input, { headers }) => overHttp(name, input, headers),
  'command line': (name, input, { room }) => byInvoking(name, input, room),
  mcp: (name, input, { room }) => asTool(name, input, room),
};
/** What is no tool is refused to everybody who asks for it over MCP. */
const isKeptBack = (door: string, name: string): boolean =>
  door === 'mcp' && !OFFERS.some(({ operation }) => operation === name);

function expected({ people, scope, except = {} }: Row, { name, role, scopes }: Asker): string {
  const other = except[name];
  if (other !== undefined) return other;
  if (role !== undefined) return people.includes(role) ? 'may' : 'DENIED';
  return scope !== null && scopes.includes(scope) ? 'may' : 'DENIED';
}

const exampleOf = (name: string): Readonly<Record<string, unknown>> => EXAMPLES[name]?.input ?? {};

test('every operation has its row, and every row its operation', () => {
  const names = OPERATIONS.map(({ name }) => name);
  const missing = names.filter((name) => MATRIX[name] === undefined);
  const advice = `add to MATRIX in test/e2e/matrix.table.ts, with who may and what another organisation is told: ${missing.join(', ')}`;
  expect(missing, advice).toEqual([]);
  expect(Object.keys(MATRIX).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(Object.keys(DOORS))('through the door %s', (door) => {
  test.each(Object.entries(MATRIX))(
    verifies('KEEP-02', '%s is for whom its row names, and for nobody else'),
    async (name, row) => {
      const ask = DOORS[door];
      for (const asker of askers) {
        const outcome = await ask?.(name, exampleOf(name), asker);
        const verdict = isKeptBack(door, name) ? 'DENIED' : expected(row, asker);
        expect([asker.name, outcome?.verdict], outcome?.text).toEqual([asker.name, verdict]);
      }
    },
    LIMIT,
  );

  test(
    verifies('KEEP-02', 'nothing of an organisation is told to or changed by the owner of another'),
    async () => {
      const world = await seeded(api);
      const before = await digestsOf(api, api.room.org);
      const ask = DOORS[door];
      for (const [name, { elsewhere }] of Object.entries(MATRIX)) {
        const named = world.namedIn(name, exampleOf(name));
        const outcome = await ask?.(name, { ...exampleOf(name), ...named }, stranger);
        // What somebody asks for by its name, they know already.
        const told = (outcome?.text ?? '').replaceAll(`There is no secret ${String(named['name'])}`, 'There is none');
        expect(told.includes(world.mark) ? `${name} tells of it: ${told}` : 'told nothing').toBe('told nothing');
        const code = isKeptBack(door, name) ? 'DENIED' : 'NOT_FOUND';
        if (elsewhere === 'NOT_FOUND') expect([name, outcome?.code], told).toEqual([name, code]);
      }
      expect(await digestsOf(api, api.room.org)).toEqual(before);
    },
    LIMIT,
  );
});

test(
  'a stranger is told nothing at all',
  async () => {
    for (const name of Object.keys(MATRIX)) {
      const outcome = await overHttp(name, exampleOf(name), {});
      expect([name, ['UNAUTHENTICATED', 'TOO_MANY_REQUESTS'].includes(outcome.code)], outcome.text).toEqual([
        name,
        true,
      ]);
    }
  },
  LIMIT,
);
