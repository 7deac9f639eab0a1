import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewRun } from '#execute/views/store.js';
import { invoke } from '#operations/invoke.js';
import { rotateVaultKey } from '#operations/secrets/rotate-key.js';
import { openDeliveries } from '#operations/webhooks/deliveries.js';
import { issueOpened, ping, push, release } from '../fixtures/github-events.js';
import { type Answer, type TestApi, testApi } from '../harness/api.js';
import { ORG } from '../harness/engine.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Deploy {{ inputs.ref }}',
    inputSchema: {
      type: 'object',
      required: ['ref'],
      properties: { ref: { type: 'string', pattern: '^[0-9a-f]{40}$' }, files: { type: 'integer' } },
    },
    steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
  },
};
const FILTER = "event == 'push' && payload.ref == 'refs/heads/main' && !payload.deleted";
const MAPPING = { ref: 'payload.after', files: 'size(payload.commits[0].modified)' };

interface Hook {
  readonly name: string;
  readonly path: string;
  readonly secret: string;
}
async function hook(name: string, more: object = {}): Promise<Hook> {
  const body = { name, form: 'github', plan, inputs: MAPPING, filter: FILTER, ...more };
  const made = await api.ask('POST', '/v1/webhooks', { body });
  expect(made.status, made.text).toBe(201);
  const { url, secret } = made.body() as { url: string; secret: string };
  return { name, path: new URL(url).pathname, secret };
}
const sha = (digit: string) => digit.repeat(40);

/** An HMAC that openssl makes: not our own code. */
function openssl(data: Buffer, key: Buffer, form: 'hex' | 'base64'): string {
  const digest = execFileSync(
    'openssl',
    ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key.toString('hex')}`, '-binary'],
    {
      input: data,
    },
  );
  return digest.toString(form);
}

interface Sending {
  readonly event?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}
function send(
  { path, secret }: Hook,
  payload: unknown,
  { event = 'push', id = randomUUID(), ...more }: Sending = {},
): Promise<Answer> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const signature = openssl(Buffer.from(body), Buffer.from(more.secret ?? secret), 'hex');
  const headers = {
    'x-api-key': '',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${signature}`,
    'user-agent': 'GitHub-Hookshot/044aadd',
    ...more.headers,
  };
  return api.ask('POST', path, { body, headers });
}
const deliveries = async ({ name }: Pick<Hook, 'name'>) =>
  (await api.ask('GET', `/v1/webhooks/${name}/deliveries`)).body()['deliveries'] as Record<string, unknown>[];
const runsOf = async (by: string) =>
  (await api.db.database.engine.query<{ id: string }>('select id from opsroom.runs where requested_by = $1', [by])).rows
    .length;

describe.skipIf(missing('openssl'))('GitHub', () => {
  test(verifies('RUN-14', 'a push that is signed becomes a run with typed inputs'), async () => {
    const one = await hook('push');
    const answer = await send(one, push('refs/heads/main', sha('a')));
    expect([answer.status, answer.body()], answer.text).toMatchObject([202, { verdict: 'started' }]);
    const run = await viewRun(api.db.database.engine, ORG, String(answer.body()['runId']));
    expect(run).toMatchObject({
      requested_by: 'webhook:push',
      inputs: { ref: sha('a'), files: 1 },
      title: `Deploy ${sha('a')}`,
    });
    // Before it is known what is filled in, its name stands there.
    expect((await api.ask('GET', '/v1/webhooks/push')).body()).toMatchObject({ title: 'Deploy ‹ref›' });
  });

  test(verifies('RUN-14', 'the same delivery again starts nothing and says what it was'), async () => {
    const one = await hook('twice');
    const sending = { id: 'd7a6a1b0-cc78-11e3-81ab-4c9367dc0958' };
    const first = await send(one, push('refs/heads/main', sha('b')), sending);
    const second = await send(one, push('refs/heads/main', sha('b')), sending);
    expect([second.status, second.body()]).toMatchObject([200, { verdict: 'duplicate', runId: first.body()['runId'] }]);
    expect(await runsOf('webhook:twice')).toBe(1);
  });

  test(verifies('RUN-14', 'many at once with one delivery id start one run'), async () => {
    const one = await hook('at-once');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send(one, push('refs/heads/main', sha('c')), { id: 'same' })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
    expect(await runsOf('webhook:at-once')).toBe(1);
  });

  test(verifies('RUN-14', 'a signed body that was overheard starts nothing under another delivery id'), async () => {
    const one = await hook('overheard');
    await send(one, push('refs/heads/main', sha('d')));
    const again = await send(one, push('refs/heads/main', sha('d')));
    const overheard = { code: 'WEBHOOK_REPLAYED', mend: expect.stringContaining('webhooks redeliver') };
    expect([again.status, again.body()]).toMatchObject([409, overheard]);
    const other = await send(one, push('refs/heads/main', sha('e')), {
      id: String((await deliveries(one))[0]?.['senderId']),
    });
    const another = { code: 'WEBHOOK_REPLAYED', mend: expect.stringContaining('an id of its own') };
    expect([other.status, other.body()]).toMatchObject([409, another]);
    expect(await runsOf('webhook:overheard')).toBe(1);
  });

  test('ping is answered; what the filter is not for is kept and starts nothing', async () => {
    const one = await hook('others');
    expect((await send(one, ping, { event: 'ping' })).body()).toMatchObject({ verdict: 'ignored' });
    expect((await send(one, issueOpened, { event: 'issues' })).body()).toMatchObject({ verdict: 'filtered' });
    expect((await send(one, push('refs/heads/dev', sha('f')))).body()).toMatchObject({ verdict: 'filtered' });
    expect((await deliveries(one)).map(({ event }) => event)).toEqual(['push', 'issues', 'ping']);
    expect(await runsOf('webhook:others')).toBe(0);
  });

  test('an input that does not fit the plan is refused, to the sender and in the list', async () => {
    const one = await hook('unfit');
    const answer = await send(one, push('refs/heads/main', 'HEAD; rm -rf /'));
    expect([answer.status, answer.body()]).toMatchObject([422, { verdict: 'refused' }]);
    expect((await deliveries(one))[0]).toMatchObject({ state: 'refused', code: 'INPUT_INVALID' });
    await send(one, { ref: 'refs/heads/main', deleted: false });
    expect((await deliveries(one))[0]).toMatchObject({ reason: expect.stringContaining('inputs.ref') });
  });

  test('why nothing was started is for the room alone', async () => {
    const one = await hook('quiet');
    await api.ask('POST', '/v1/webhooks/quiet/pause');
    const paused = await send(one, push('refs/heads/main', sha('a')));
    expect(Object.keys(paused.body()).sort()).toEqual(['delivery', 'intentId', 'runId', 'verdict']);
    expect(paused.text).not.toContain(api.room.by);
    expect((await deliveries(one))[0]).toMatchObject({ reason: `The webhook is paused, by ${api.room.by}.` });
  });

  test('text of strangers stays data: braces, quotes and dollar signs reach the input as they are', async () => {
    const open = {
      ...plan.value,
      inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
      title: 'Note',
    };
    const one = await hook('data', {
      plan: { value: open },
      inputs: { text: 'payload.issue.body + payload.issue.title' },
      filter: null,
    });
    const answer = await send(one, issueOpened, { event: 'issues' });
    const run = await viewRun(api.db.database.engine, ORG, String(answer.body()['runId']));
    expect(run?.inputs).toEqual({ text: `${issueOpened.issue.body}${issueOpened.issue.title}` });
  });

  test('a form with the payload in a field is read as well', async () => {
    const one = await hook('form', {
      inputs: { ref: "payload.release.tag_name == 'v1.4.0' ? '" + sha('1') + "' : ''" },
      filter: 'event == "release"',
    });
    const body = new URLSearchParams({ payload: JSON.stringify(release) }).toString();
    const answer = await send(one, body, {
      event: 'release',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.body(), answer.text).toMatchObject({ verdict: 'started' });
  });

  test(verifies('RUN-14', 'while a secret is replaced both are good, and then only the new one'), async () => {
    const one = await hook('rotate');
    const rotated = await api.ask('POST', '/v1/webhooks/rotate/rotate-secret', { body: {} });
    const next = String(rotated.body()['secret']);
    expect((await send(one, push('refs/heads/dev', sha('2')))).status).toBe(200);
    expect((await send(one, push('refs/heads/dev', sha('3')), { secret: next })).status).toBe(200);
    await api.db.database.engine.query(
      'update opsroom.webhook_secrets set expires_at = clock_timestamp() where expires_at is not null',
    );
    expect((await send(one, push('refs/heads/dev', sha('4')))).status).toBe(401);
    expect((await send(one, push('refs/heads/dev', sha('5')), { secret: next })).status).toBe(200);
  });

  test('secrets go on to open when the vault’s key is exchanged', async () => {
    const one = await hook('exchanged');
    const { to } = await invoke(rotateVaultKey, {}, api.room);
    const { rows } = await api.db.database.engine.query<{ key: string }>(
      'select distinct vault_key_id as key from opsroom.webhook_secrets',
    );
    expect(rows).toEqual([{ key: to }]);
    expect((await send(one, push('refs/heads/dev', sha('a')))).status).toBe(200);
  });

  test('no secret is in the database, nor shown again', async () => {
    const one = await hook('sealed');
    await send(one, push('refs/heads/dev', sha('6')));
    const shown = await api.ask('GET', '/v1/webhooks/sealed');
    expect(shown.text).not.toContain(one.secret.slice(6));
    const tables = ['webhooks', 'webhook_secrets', 'webhook_deliveries', 'audit_entries'];
    for (const table of tables) {
      const { rows } = await api.db.database.engine.query<{ text: string }>(
        `select t::text as text from opsroom.${table} t`,
      );
      const all = rows.map(({ text }) => text).join('\n');
      for (const form of [one.secret, one.secret.slice(6), Buffer.from(one.secret.slice(6), 'base64').toString('hex')])
        expect(all).not.toContain(form);
    }
    expect(JSON.stringify((await deliveries(one))[0])).not.toContain('sha256=');
  });

  test(
    verifies('RUN-14', 'what came is delivered again, as whoever asks, also while the webhook is paused'),
    async () => {
      const one = await hook('again');
      await api.ask('POST', '/v1/webhooks/again/pause');
      expect((await send(one, push('refs/heads/main', sha('7')))).body()).toMatchObject({ verdict: 'ignored' });
      const [came] = await deliveries(one);
      const answer = await api.ask('POST', `/v1/webhooks/again/deliveries/${String(came?.['deliveryId'])}/redeliver`);
      expect(answer.body(), answer.text).toMatchObject({
        state: 'started',
        redeliveryOf: came?.['deliveryId'],
        redeliveredBy: api.room.by,
      });
      expect(await runsOf('webhook:again')).toBe(0);
      const run = await viewRun(api.db.database.engine, ORG, String(answer.body()['runId']));
      expect(run?.requested_by).toBe(api.room.by);
    },
  );

  test('a delivery whose process died is taken up by another', async () => {
    const one = await hook('left');
    await send(one, push('refs/heads/main', sha('8')));
    await api.db.database.engine.query(
      "update opsroom.webhook_deliveries set state = 'claimed', run_id = null where event = 'push' and webhook_id = $1",
      [one.path.slice(7)],
    );
    await openDeliveries(api.room, 0).look();
    expect((await deliveries(one))[0]).toMatchObject({ state: 'started' });
    expect(await runsOf('webhook:left')).toBe(1);
  });
});

describe.skipIf(missing('openssl'))('Standard Webhooks', () => {
  const stamp = (at = Date.now()) => String(Math.floor(at / 1000));
  function sendStandard(
    { path, secret }: Hook,
    payload: object,
    {
      id = `msg_${randomUUID()}`,
      time = stamp(),
      signedTime,
    }: { id?: string; time?: string; signedTime?: string } = {},
  ) {
    const body = JSON.stringify(payload);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = openssl(Buffer.from(`${id}.${signedTime ?? time}.${body}`), key, 'base64');
    const headers = {
      'x-api-key': '',
      'content-type': 'application/x-www-form-urlencoded', // as curl says of whatever it sends
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,AAAA v1,${signature}`,
    };
    return api.ask('POST', path, { body, headers });
  }
  const standard = (name: string) =>
    hook(name, { form: 'standard', inputs: { ref: 'payload.data.commit' }, filter: 'event == "build.done"' });
  const done = (digit: string) => ({
    type: 'build.done',
    timestamp: '2026-11-21T12:00:00Z',
    data: { commit: sha(digit) },
  });

  test(verifies('RUN-14', 'an event that is signed over id, time and body starts a run'), async () => {
    const answer = await sendStandard(await standard('build'), done('a'));
    expect([answer.status, answer.body()], answer.text).toMatchObject([202, { verdict: 'started' }]);
  });

  test.each([
    ['six minutes old', -6],
    ['six minutes ahead', 6],
  ])(verifies('RUN-14', 'one that is %s is refused, and says so'), async (name, minutes) => {
    const one = await standard(`window-${name.slice(-3)}`);
    const answer = await sendStandard(one, done('b'), { time: stamp(Date.now() + minutes * 60_000) });
    expect([answer.status, answer.body()]).toMatchObject([
      409,
      {
        code: 'WEBHOOK_REPLAYED',
        what: expect.stringContaining('6 minutes'),
        mend: expect.stringContaining('the clock of the sender'),
      },
    ]);
  });

  test('another time than the one that was signed does not hold', async () => {
    const one = await standard('time');
    const answer = await sendStandard(one, done('c'), { time: stamp(), signedTime: stamp(Date.now() - 3_600_000) });
    expect(answer.status).toBe(401);
  });

  test('the same id starts nothing again, and another body under it is refused', async () => {
    const one = await standard('ids');
    const id = 'msg_1';
    expect((await sendStandard(one, done('d'), { id })).status).toBe(202);
    expect((await sendStandard(one, done('d'), { id })).body()).toMatchObject({ verdict: 'duplicate' });
    expect((await sendStandard(one, done('e'), { id })).status).toBe(409);
    expect((await sendStandard(one, done('d'))).body()).toMatchObject({ verdict: 'started' });
  });
});

describe('is refused', () => {
  test(verifies('RUN-14', 'forged and unknown in the same words, each with an audit entry'), async () => {
    const one = await hook('forged');
    const body = push('refs/heads/main', sha('9'));
    const forged = await api.ask('POST', one.path, {
      body,
      headers: {
        'x-api-key': '',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
        'x-github-delivery': 'x',
        'x-github-event': 'push',
      },
    });
    const unsigned = await api.ask('POST', one.path, { body, headers: { 'x-api-key': '' } });
    const unknown = await api.ask('POST', `/hooks/${randomUUID()}`, { body, headers: { 'x-api-key': '' } });
    const strange = await api.ask('POST', `/hooks/none`, { body, headers: { 'x-api-key': '' } });
    expect([forged, unsigned, unknown, strange].map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set([forged, unsigned, unknown, strange].map(({ text }) => text)).size).toBe(1);
    expect(await deliveries(one)).toEqual([]);
    await api.room.calls.close();
    const { rows } = await api.db.database.engine.query<{ kind: string; actor: string }>(
      "select kind, actor from opsroom.audit_entries where data::text like '%WEBHOOK_REFUSED%'",
    );
    expect(rows.map(({ actor }) => actor)).toEqual(expect.arrayContaining(['webhook:forged', 'stranger']));
  });

  test('what is too large, no JSON, too deep', async () => {
    const one = await hook('large', { filter: null });
    const large = await api.ask('POST', one.path, { body: 'x'.repeat(1024 * 1024 + 1), headers: { 'x-api-key': '' } });
    expect([large.status, large.body()]).toMatchObject([413, { code: 'REQUEST_TOO_LARGE' }]);
    expect((await send(one, 'no json')).status).toBe(400);
    expect((await send(one, '['.repeat(500))).status).toBe(400);
  });

  test.each([
    ['an expression that is none', { inputs: { ref: 'payload.' } }, 422],
    ['a variable that there is not', { filter: 'secrets.TOKEN == "x"' }, 422],
    ['a function that there is not', { filter: 'env("PATH") == ""' }, 422],
    ['an input that the plan does not have', { inputs: { reff: 'payload.ref' } }, 422],
    ['a secret that is easy to guess', { secret: 'hunter2hunter2hunter2' }, 400],
  ])('%s', async (_, more, status) => {
    const body = { name: 'bad', form: 'github', plan, inputs: MAPPING, ...more };
    const answer = await api.ask('POST', '/v1/webhooks', { body });
    expect(answer.status, answer.text).toBe(status);
  });
});
