import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { Visitor } from '../harness/visitor.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const from = async (remoteAddress: string, headers: Record<string, string>, path = '/v1/me') =>
  api.app.request(path, { headers: { host: 'localhost', ...headers } }, { incoming: { socket: { remoteAddress } } });
const audited = async (kind: string) =>
  (
    await api.db.database.engine.query('select actor, data from opsroom.audit_entries where kind = $1 order by seq', [
      kind,
    ])
  ).rows;
const keyOf = async (name: string, agent?: string) =>
  (await invoke(createKey, { name, scopes: ['run:read', 'run:start'], agent }, api.room)).key;

test(
  verifies(
    'SEE-09',
    'x-client-id is a label that fits the key, kept with the address; one that does not is refused and noted',
  ),
  async () => {
    const gpt = await keyOf('shop-gpt', 'gpt');
    const ci = await keyOf('ci');
    const answers = await Promise.all([
      from('192.0.2.1', { 'x-api-key': gpt, 'x-client-id': 'gpt' }),
      from('192.0.2.1', { 'x-api-key': gpt, 'x-client-id': 'shop-gpt' }),
      from('192.0.2.1', { 'x-api-key': ci, 'x-client-id': 'ci' }),
      from('192.0.2.1', { 'x-api-key': ci }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const [key, client] of [
      [gpt, 'cursor'],
      [gpt, 'GPT'],
      [ci, 'gpt'],
      [ci, '<script>'],
    ] as const) {
      const refused = await from('192.0.2.1', { 'x-api-key': key, 'x-client-id': client });
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'CLIENT_MISMATCH' }]);
    }
    // This machine's user has no key, so there is nothing that the label could fit.
    expect((await from('127.0.0.1', { 'x-api-key': api.local, 'x-client-id': 'gpt' })).status).toBe(403);
    const noted = await audited('client.mismatch');
    expect(noted).toMatchObject([
      { actor: 'key:shop-gpt', data: { claimed: 'cursor', address: '192.0.2.1', key: expect.any(String) } },
      { data: { claimed: 'GPT' } },
      { actor: 'key:ci', data: { claimed: 'gpt' } },
      { data: { claimed: 'no name' } },
      { data: { key: null } },
    ]);
  },
);

test('what is done with a label and from an address is in the audit log with both', async () => {
  const key = await keyOf('labelled', 'cursor');
  const made = await api.app.request(
    '/v1/sessions',
    {
      method: 'POST',
      body: JSON.stringify({ name: 'by cursor', intent: 'a test' }),
      headers: { host: 'localhost', 'content-type': 'application/json', 'x-api-key': key, 'x-client-id': 'cursor' },
    },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  );
  expect(made.status).toBe(201);
  expect(await audited('call.sessions.create')).toMatchObject([
    { actor: 'key:labelled', data: { from: { door: 'http', address: '192.0.2.9', client: 'cursor' } } },
  ]);
});

test('an address that guesses is not looked up for any more; a key that was let in before is', async () => {
  const key = await keyOf('behind-the-same-proxy');
  const unused = await keyOf('not-used-yet');
  expect((await from('198.51.100.5', { 'x-api-key': key })).status).toBe(200);
  const guess = (n: number) => from('198.51.100.5', { 'x-api-key': `opsr_${String(n).padStart(43, 'A')}` });
  const guesses = await Promise.all(Array.from({ length: 80 }, (_, n) => guess(n)));
  expect(guesses.some(({ status }) => status === 429)).toBe(true);
  expect((await from('198.51.100.5', { 'x-api-key': unused })).status).toBe(429);
  expect((await from('198.51.100.5', { 'x-api-key': key })).status).toBe(200);
  expect((await from('198.51.100.6', { 'x-api-key': unused })).status).toBe(200);
});

test('a network of IPv6 is one stranger, whatever its addresses', async () => {
  const guess = (n: number) =>
    from(`2001:db8:5:6::${n.toString(16)}`, { 'x-api-key': `opsr_${String(n).padStart(43, 'B')}` });
  const guesses = await Promise.all(Array.from({ length: 80 }, (_, n) => guess(n)));
  expect(guesses.some(({ status }) => status === 429)).toBe(true);
  expect((await from('2001:db8:5:7::1', { 'x-api-key': `opsr_${'C'.repeat(43)}` })).status).toBe(401);
});

test('who asks how signing in stands, again and again, is slowed down', async () => {
  const browser = new Visitor(api.app);
  const answers = [];
  for (let n = 0; n < 65; n++) answers.push((await browser.ask('GET', '/auth/state')).status);
  expect([answers[0], answers.includes(429)]).toEqual([200, true]);
  expect((await new Visitor(api.app).ask('GET', '/auth/state')).status).toBe(200);
});

test('nobody holds more streams open than their share, and one that is closed makes room', async () => {
  const key = await keyOf('watcher');
  const open = () => from('192.0.2.3', { 'x-api-key': key }, '/v1/events');
  const head = await api.app.request('/v1/events', {
    method: 'HEAD',
    headers: { host: 'localhost', 'x-api-key': key },
  });
  expect(head.status).toBe(200);
  const streams = await Promise.all(Array.from({ length: 101 }, open));
  expect(
    streams
      .map(({ status }) => status)
      .sort((a, b) => a - b)
      .slice(-2),
  ).toEqual([200, 429]);
  const other = await from('192.0.2.3', { 'x-api-key': await keyOf('other-watcher') }, '/v1/events');
  expect(other.status).toBe(200);
  for (const { body } of [...streams.slice(0, 1), other]) await body?.cancel();
  const again = await open();
  expect(again.status).toBe(200);
  for (const { body } of [again, ...streams.slice(1)]) await body?.cancel();
});
