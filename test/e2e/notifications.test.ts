import { createHmac } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lookAround } from '#notify/look.js';
import { tellDue } from '#notify/tell.js';
import { followRun } from '#operations/follow.js';
import { lookPorts, startNotifier } from '#operations/notifications/notifier.js';
import { tellPorts } from '#operations/notifications/ports.js';
import { type TestApi, testApi } from '../harness/api.js';
import { openReceiver, type Receiver } from '../harness/receiver.js';
import { verifies } from '../harness/requirements.js';

const KEY = 'a-signing-key-of-the-test';
let api: TestApi;
let receiver: Receiver;
let post: Awaited<ReturnType<typeof openPost>>;
let other: Awaited<ReturnType<typeof openOther>>;
const never = new AbortController().signal;

beforeAll(async () => {
  post = await openPost();
  other = await openOther();
  api = await testApi({
    env: {
      OPSROOM_SECRET_HOOK_KEY: KEY,
      OPSROOM_SECRET_NOT_A_SERVER: 'http://example.com',
      OPSROOM_SECRET_SMTP: post.url,
      OPSROOM_SECRET_SSH: other.url,
    },
  });
});
afterAll(async () => {
  await api?.close();
  await post?.close();
  await other?.close();
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  for (const { ruleId } of await rules()) await api.ask('POST', `/v1/notification-rules/${ruleId}/remove`);
  await receiver.close();
});

/** A mail server on loopback that keeps its letters. */
async function openPost() {
  const letters: string[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        letters.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { letters, connections: () => connections, url: `smtp://127.0.0.1:${port}`, close };
}

/** Something that listens and is no mail server. */
async function openOther() {
  const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-Banner\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

const LOOPBACK = ['127.0.0.0/8'];
const mailTo = (smtpSecret: string, allowAddresses: string[] = []) => ({
  kind: 'email',
  to: ['ada@example.com'],
  from: 'room@example.com',
  smtpSecret,
  allowAddresses,
});

const rules = async () =>
  ((await api.ask('GET', '/v1/notification-rules')).body() as { rules: { ruleId: string }[] }).rules;
const webhook = (more: object = {}) => ({
  name: 'ops',
  place: { kind: 'webhook', url: `${receiver.url}/in`, signingSecret: 'HOOK_KEY', allowAddresses: ['127.0.0.0/8'] },
  events: ['run.failed'],
  ...more,
});

async function makeRule(body: object): Promise<string> {
  const answer = await api.ask('POST', '/v1/notification-rules', { body });
  expect(answer.status, answer.text).toBe(201);
  return (answer.body() as { ruleId: string }).ruleId;
}

const runPlan = (title: string, command: string, more: object = {}): Promise<string> =>
  runSteps(title, [{ id: 'a', tool: 'shell', args: { run: command } }], more);

/** Runs a plan until it ends or waits. */
async function runSteps(title: string, steps: object[], more: object = {}): Promise<string> {
  const plan = { value: { apiVersion: 'opsroom/v1', title, steps, ...more } };
  const started = await api.ask('POST', '/v1/runs', { body: { plan } });
  expect(started.status, started.text).toBe(201);
  const { runId } = started.body() as { runId: string };
  const worker = await api.open.startWorker('all');
  for await (const _ of followRun(api.room, runId)) continue;
  await worker.drain(1000);
  return runId;
}

/** One round of the notifier. */
async function round(): Promise<number> {
  await lookAround(api.db.database, lookPorts(api.room));
  return tellDue(api.db.database, tellPorts(api.room), never);
}

const told = async () =>
  ((await api.ask('GET', '/v1/notifications')).body() as { notifications: Record<string, unknown>[] }).notifications;

/** As if the time had come at which what waits is due. */
const makeDue = () =>
  api.db.database.engine.query("update opsroom.notifications set due_at = clock_timestamp() where status = 'pending'");

describe('a rule', () => {
  test(verifies('SEE-10', 'a failed run is told once, signed, with a link into the room'), async () => {
    await makeRule(webhook());
    const run = await runPlan('Deploy <shop>', 'exit 3');
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    const [sent] = receiver.all;
    if (!sent) throw new Error('nothing was sent');
    const { headers, body } = sent;
    const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
    const signature = createHmac('sha256', KEY).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    const message = JSON.parse(body) as { type: string; data: { headline: string; items: { url: string }[] } };
    expect(message).toMatchObject({ type: 'run.failed', data: { headline: 'Failed: Deploy <shop>' } });
    expect(message.data.items[0]?.url).toBe(`${api.room.url()}/runs/${run}`);
    expect(await told()).toMatchObject([{ status: 'sent', attempts: 1, error: null }]);
  });

  test('a run that succeeds is told where that was chosen, and one elsewhere is not', async () => {
    await makeRule(webhook({ events: ['run.succeeded'], only: { environment: 'staging' } }));
    await runPlan('elsewhere', 'true', { target: { environment: 'dev' } });
    await runPlan('here', 'true', { target: { environment: 'staging' } });
    await runPlan('fails', 'false', { target: { environment: 'staging' } });
    await round();
    expect(receiver.all.map(({ body }) => JSON.parse(body).data.headline)).toEqual(['Succeeded: here']);
  });

  test('what fails again soon is told together, and later', async () => {
    await makeRule(webhook());
    await runPlan('again', 'exit 1');
    await round();
    await runPlan('again', 'exit 1');
    await runPlan('again', 'exit 1');
    expect(await round()).toBe(0);
    await makeDue();
    expect(await round()).toBe(1);
    expect(JSON.parse(receiver.all[1]?.body ?? '').data.headline).toBe('2 runs failed');
  });

  test('a run that waits for a person is told', async () => {
    await makeRule(webhook({ events: ['run.waits'] }));
    const ask = { id: 'a', kind: 'system', action: 'manual', args: { instructions: 'Press it' } };
    const runId = await runSteps('By hand', [ask]);
    await round();
    await round();
    expect(receiver.all.map(({ body }) => JSON.parse(body).data.headline)).toEqual(['Waits for a person: By hand']);
    await api.ask('POST', `/v1/runs/${runId}/cancel`);
  });

  test('a lost worker is told', async () => {
    await makeRule(webhook({ events: ['worker.lost'] }));
    const { engine } = api.db.database;
    const id = '019ab3c0-0000-7000-8000-00000000dead';
    await engine.query(`insert into opsroom.workers (id, host, pid, takes) values ($1, 'far', 7, 'all')`, [id]);
    await engine.query(`select opsroom.depose($1, 0, '{}')`, [id]);
    await round();
    expect(JSON.parse(receiver.all[0]?.body ?? '').data.headline).toBe('Worker lost: process 7 on far');
  });

  test('runs that no worker takes are told, once', async () => {
    await makeRule(webhook({ events: ['room.degraded'] }));
    const plan = {
      value: { apiVersion: 'opsroom/v1', title: 'w', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
    };
    const { runId } = (await api.ask('POST', '/v1/runs', { body: { plan } })).body() as { runId: string };
    await round();
    expect(receiver.all).toEqual([]);
    const earlier = "update opsroom.runs set queued_at = queued_at - interval '2 minutes' where id = $1";
    await api.db.database.engine.query(earlier, [runId]);
    await round();
    await round();
    expect(receiver.all).toHaveLength(1);
    expect(receiver.all[0]?.body).toContain('no worker takes them');
    await api.ask('POST', `/v1/runs/${runId}/cancel`);
  });

  test('paused, it tells nothing, nor what happened meanwhile', async () => {
    const rule = await makeRule(webhook());
    await api.ask('POST', `/v1/notification-rules/${rule}`, { body: { paused: true } });
    await runPlan('unseen', 'exit 1');
    await round();
    await api.ask('POST', `/v1/notification-rules/${rule}`, { body: { paused: false } });
    await round();
    expect(receiver.all).toEqual([]);
  });

  test('in quiet hours it waits until they are over', async () => {
    const now = new Date();
    const clock = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString().slice(11, 16);
    await makeRule(webhook({ quiet: { from: clock(-1), to: clock(2), zone: 'UTC' } }));
    await runPlan('at night', 'exit 1');
    expect(await round()).toBe(0);
    const [waiting] = await told();
    expect(waiting).toMatchObject({ status: 'pending' });
    expect(Date.parse(String(waiting?.['dueAt'])) - now.getTime()).toBeGreaterThan(3_600_000);
  });

  test('servers beside each other tell each thing once', async () => {
    await makeRule(webhook({ groupMinutes: 0 }));
    for (const title of ['one', 'two', 'three']) await runPlan(title, 'exit 1');
    await Promise.all([round(), round(), round(), round()]);
    await round();
    const told = receiver.all.map(({ body }) => JSON.parse(body).data.headline as string);
    expect(told).toHaveLength(3);
    expect(new Set(told)).toEqual(new Set(['Failed: one', 'Failed: two', 'Failed: three']));
  });
});

describe('a place', () => {
  test('that is away is asked again later, no sooner than it says', async () => {
    await makeRule(webhook());
    receiver.answers.push({ status: 503, headers: { 'retry-after': '3600' } });
    await runPlan('retried', 'exit 1');
    await round();
    const [waiting] = await told();
    expect(waiting).toMatchObject({ status: 'pending', attempts: 1, error: 'The receiver answered 503.' });
    expect(Date.parse(String(waiting?.['dueAt']))).toBeGreaterThan(Date.now() + 3_000_000);
    await makeDue();
    await round();
    expect(receiver.all.map(({ headers }) => headers['webhook-id']).length).toBe(2);
    expect(receiver.all[0]?.headers['webhook-id']).toBe(receiver.all[1]?.headers['webhook-id']);
    expect(await told()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });

  test('that refuses is not asked again, until somebody says so', async () => {
    await makeRule(webhook());
    receiver.answers.push({ status: 410 });
    await runPlan('gone', 'exit 1');
    await round();
    const [failed] = await told();
    expect(failed).toMatchObject({ status: 'failed', error: 'The receiver answered 410.' });
    await api.ask('POST', `/v1/notifications/${String(failed?.['notificationId'])}/retry`);
    await round();
    expect(await told()).toMatchObject([{ status: 'sent' }]);
  });

  test('that redirects is not followed: what was allowed is the address that was given', async () => {
    await makeRule(webhook());
    receiver.answers.push({ status: 302, headers: { location: `${receiver.url}/elsewhere` } });
    await runPlan('redirected', 'exit 1');
    await round();
    expect(receiver.all.map(({ path }) => path)).toEqual(['/in']);
    expect(await told()).toMatchObject([{ status: 'failed', error: 'The receiver answered 302.' }]);
  });

  test('at a private address is refused unless the rule allows it', async () => {
    const place = { kind: 'webhook', url: `${receiver.url}/in`, signingSecret: 'HOOK_KEY' };
    const rule = await makeRule(webhook({ place }));
    const tried = (await api.ask('POST', `/v1/notification-rules/${rule}/test`)).body();
    expect(tried).toMatchObject({ arrived: false, error: expect.stringContaining('127.0.0.1') });
    expect(receiver.all).toEqual([]);
  });

  test('whose secret is missing, or no mail server, says so', async () => {
    const missing = await makeRule({
      name: 'chat',
      place: { kind: 'slack', urlSecret: 'ABSENT' },
      events: ['run.failed'],
    });
    expect((await api.ask('POST', `/v1/notification-rules/${missing}/test`)).body()).toEqual({
      arrived: false,
      error: expect.stringContaining('There is no secret "ABSENT".'),
    });
    const mail = { kind: 'email', to: ['a@example.com'], from: 'room@example.com', smtpSecret: 'NOT_A_SERVER' };
    const rule = await makeRule({ name: 'mail', place: mail, events: ['run.failed'] });
    const tried = (await api.ask('POST', `/v1/notification-rules/${rule}/test`)).body() as { error: string };
    expect(tried.error).toContain('no address of a mail server');
    expect(tried.error).not.toContain('example.com');
  });

  test('a test message arrives as a test', async () => {
    await makeRule(webhook());
    expect((await api.ask('POST', '/v1/notification-rules/ops/test')).body()).toEqual({ arrived: true, error: null });
    receiver.answers.push({ status: 503 });
    expect((await api.ask('POST', '/v1/notification-rules/ops/test')).body()).toEqual({
      arrived: false,
      error: 'The receiver answered 503. See what the receiver says of it in its own log.',
    });
    expect(JSON.parse(receiver.all[0]?.body ?? '').type).toBe('test');
  });
});

test(verifies('SEE-10', 'by e-mail, over a real SMTP server'), async () => {
  await makeRule({ name: 'by mail', place: mailTo('SMTP', LOOPBACK), events: ['run.failed'] });
  const tried = (await api.ask('POST', '/v1/notification-rules/by%20mail/test')).body();
  expect(tried).toEqual({ arrived: true, error: null });
  expect(post.letters[0]).toMatch(/^To: ada@example\.com\r$/m);
  expect(post.letters[0]).toMatch(/^Subject: \[Opsroom\] A test of Opsroom\r$/m);
});

describe('a mail server', () => {
  const tried = async (place: object) => {
    await makeRule({ name: 'mail', place, events: ['run.failed'] });
    return (await api.ask('POST', '/v1/notification-rules/mail/test')).body() as { arrived: boolean; error: string };
  };

  test(verifies('SEE-10', 'at a private address is not even dialled unless the rule names it'), async () => {
    const before = post.connections();
    const { arrived, error } = await tried(mailTo('SMTP'));
    expect(arrived).toBe(false);
    expect(error).toContain('127.0.0.1');
    expect(error).toContain('--allow-address');
    expect(post.connections()).toBe(before);
  });

  test('that is none gives nothing away of what it says', async () => {
    const { arrived, error } = await tried(mailTo('SSH', LOOPBACK));
    expect(arrived).toBe(false);
    expect(error).toContain('no mail server');
    expect(error).not.toContain('Banner');
  });
});

test('the notifier of a server tells by itself, and stops', async () => {
  await makeRule(webhook());
  await runPlan('by itself', 'exit 1');
  const notifier = startNotifier(api.room);
  await receiver.came(1);
  await notifier.close();
  expect(JSON.parse(receiver.all[0]?.body ?? '').data.headline).toBe('Failed: by itself');
});

test('an organisation whose secrets do not open keeps nobody else from being told', async () => {
  const { engine } = api.db.database;
  const other = '00000000-0000-7000-8000-000000000002';
  await engine.query("insert into opsroom.organisations (id, slug, name) values ($1, 'other', 'Other')", [other]);
  await engine.query(
    `insert into opsroom.secrets (org_id, name, version, key_id, data_key, body, created_by)
     values ($1, 'TOKEN', 1, repeat('f', 16), decode(repeat('00', 60), 'hex'), decode(repeat('00', 60), 'hex'), 'nobody')`,
    [other],
  );
  await engine.query(
    `insert into opsroom.notification_rules (org_id, id, name, place, events, created_by)
     values ($1, '00000000-0000-7000-8000-000000000003', 'theirs', '{"kind":"slack","urlSecret":"TOKEN"}', '{run.failed}', 'nobody')`,
    [other],
  );
  await makeRule(webhook());
  await runPlan('innocent', 'exit 1');
  const notifier = startNotifier(api.room);
  await receiver.came(1);
  await notifier.close();
  expect(JSON.parse(receiver.all[0]?.body ?? '').data.headline).toBe('Failed: innocent');
  expect(api.logged.join('\n')).toContain('an organisation cannot be notified');
  await engine.query('delete from opsroom.organisations where id = $1', [other]);
});

test('secrets in titles and reasons are masked', async () => {
  await makeRule(webhook());
  await runPlan(`with ${KEY} in it`, 'exit 1');
  await round();
  expect(receiver.all).toHaveLength(1);
  expect(receiver.all[0]?.body).not.toContain(KEY);
});

test('only who administers the room makes rules', async () => {
  const key = await api.key('run:read', 'run:start');
  const answer = await api.ask('POST', '/v1/notification-rules', { body: webhook(), headers: { 'x-api-key': key } });
  expect(answer.status).toBe(403);
});
