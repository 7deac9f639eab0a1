import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '#server/listen.js';
import { type TestApi, testApi } from '../harness/api.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { type Sent, sentEvents } from '../harness/sse.js';

const PLAN = {
  value: { apiVersion: 'opsroom/v1', title: 'Watched', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
};
/** Without one it would be minutes before a stream says what it found. */
const HEARTBEAT_MS = 200;

let api: TestApi;
let server: Listening;
/** Transactions of the doors. */
let transactions = 0;

beforeAll(async () => {
  api = await testApi({
    heartbeatMs: HEARTBEAT_MS,
    counted: () => {
      transactions += 1;
    },
  });
  server = await listen(api.app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api?.hub.close();
  await server?.close(1000);
  await api?.close();
});

/** A run whose events the test commits in its owner's place. */
async function newRun(): Promise<string> {
  const started = await api.ask('POST', '/v1/runs', { body: { plan: PLAN } });
  return (started.body() as { runId: string }).runId;
}

/** Commits `count` more events, and tells followers as workers do. Returns the number of the last. */
async function commit(run: string, count: number, size = 10): Promise<number> {
  const { rows } = await api.db.database.engine.query<{ seq: number }>(
    `insert into opsroom.events (org_id, run_id, seq, type, data)
     select $1, $2, (select coalesce(max(seq), 0) from opsroom.events where run_id = $2) + n, 'test', to_jsonb(repeat('x', $4))
     from generate_series(1, $3) n returning seq`,
    [api.room.org, run, count, size],
  );
  await api.db.database.engine.query("select pg_notify('opsroom_runs', $1)", [run]);
  return Math.max(...rows.map(({ seq }) => seq));
}

async function end(run: string): Promise<void> {
  const text = "update opsroom.runs set status = 'cancelled', ended_at = now() - interval '1 minute' where id = $1";
  await api.db.database.engine.query(text, [run]);
  await api.db.database.engine.query("select pg_notify('opsroom_runs', $1)", [run]);
}

const watch = (run: string, { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {}) =>
  fetch(`${server.url}/v1/runs/${run}/events${query}`, { headers: { 'x-api-key': api.local, ...headers } });

/** The numbers of the events until `last` has come, or the stream ends. */
async function numbers(events: AsyncGenerator<Sent>, last: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const { id } of events) {
    if (id !== undefined) seen.push(id);
    if (id === last) break;
  }
  return seen;
}

const upTo = (last: number, from = 1): number[] => Array.from({ length: last - from + 1 }, (_, i) => from + i);

describe('watchers of one run', () => {
  test(
    verifies('ROOM-01', 'a hundred cost the database one follower, and each gets every event once, in order'),
    async () => {
      const run = await newRun();
      const streams = await Promise.all(Array.from({ length: 100 }, async () => sentEvents(await watch(run))));
      const begun = await Promise.all(streams.map(async (stream) => (await stream.next()).done));
      expect(begun).toEqual(streams.map(() => false));
      const last = (await commit(run, 1)) + 200;
      const heard = streams.map((stream) => numbers(stream, last));
      const before = transactions;
      for (let batch = 0; batch < 10; batch++) await commit(run, 20);
      expect(await Promise.all(heard)).toEqual(streams.map(() => upTo(last)));
      expect(transactions - before).toBeLessThan(streams.length); // each for itself, they would need ten times as many
      await eventually(() => api.hub.followers === 0);
    },
  );

  test('one that lags is caught up from the ledger', async () => {
    const run = await newRun();
    const quick = sentEvents(await watch(run));
    const slow = sentEvents(await watch(run));
    await Promise.all([quick.next(), slow.next()]);
    let last = 0;
    for (let batch = 0; batch < 10; batch++) last = await commit(run, 500, 2000);
    expect(await numbers(quick, last)).toEqual(upTo(last));
    expect(await numbers(slow, last)).toEqual(upTo(last));
  });

  test('one that comes back goes on where it was, wherever the connection broke', async () => {
    const breaks = fc.array(fc.record({ read: fc.nat(30), more: fc.nat(40), byHeader: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(breaks, async (cuts) => {
        const run = await newRun();
        let last = await commit(run, 30);
        const seen: number[] = [];
        for (const { read, more, byHeader } of cuts) {
          const at = seen.at(-1) ?? 0;
          seen.push(...(await numbers(sentEvents(await resume(run, at, byHeader)), Math.min(at + read + 1, last))));
          last = await commit(run, more + 1);
        }
        await end(run);
        seen.push(...(await numbers(sentEvents(await resume(run, seen.at(-1) ?? 0, true)), -1)));
        expect(seen).toEqual(upTo(last));
      }),
      { numRuns: 15 },
    );
  });
});

const resume = (run: string, at: number, byHeader: boolean) =>
  byHeader
    ? watch(run, { headers: { 'last-event-id': String(at) }, query: '?after=0' })
    : watch(run, { query: `?after=${at}` });

describe('a stream', () => {
  test('ends with the run', async () => {
    const run = await newRun();
    const stream = sentEvents(await watch(run));
    await end(run);
    const events: string[] = [];
    for await (const { event } of stream) events.push(event);
    expect(events.at(-1)).toBe('end');
  });

  test('shows that it lives while nothing happens, and is left when its reader goes', async () => {
    const run = await newRun();
    for await (const { comment } of sentEvents(await watch(run))) if (comment !== '') break;
    await eventually(() => api.hub.followers === 0);
  });

  test(verifies('KEEP-01', 'is closed when its key is revoked'), async () => {
    const run = await newRun();
    const key = await api.key('run:read');
    const stream = sentEvents(await watch(run, { headers: { 'x-api-key': key } }));
    await stream.next();
    const { keys } = (await api.ask('GET', '/v1/keys')).body() as { keys: { keyId: string }[] };
    await api.ask('POST', `/v1/keys/${keys[0]?.keyId}/revoke`);
    let last: Sent | undefined;
    for await (const sent of stream) last = sent;
    expect(last).toMatchObject({ event: 'problem', data: expect.stringContaining('KEY_REFUSED') });
  });

  test('is closed when its key is revoked, also while the run never falls silent', async () => {
    const run = await newRun();
    const key = await api.key('run:read');
    const { keys } = (await api.ask('GET', '/v1/keys')).body() as { keys: { keyId: string }[] };
    let last: Sent | undefined;
    let revoked = false;
    for await (const sent of sentEvents(await watch(run, { headers: { 'x-api-key': key } }))) {
      last = sent;
      if (!revoked) await api.ask('POST', `/v1/keys/${keys[0]?.keyId}/revoke`);
      revoked = true;
      if (sent.event !== 'problem') await commit(run, 1);
    }
    expect(last).toMatchObject({ event: 'problem', data: expect.stringContaining('KEY_REFUSED') });
  });

  test('of a number from the future waits for what is new, not for ever', async () => {
    const run = await newRun();
    const stream = sentEvents(await watch(run, { query: '?after=999999' }));
    await stream.next();
    await stream.next();
    const last = await commit(run, 1);
    expect(await numbers(stream, last)).toEqual([last]);
  });

  test.each([
    ['/v1/runs/ffffffff/events', 404],
    ['/v1/runs/last/events?after=x', 400],
    ['/v1/runs/last/events?more=1', 400],
  ])('%s answers %d', async (path, status) => {
    expect((await api.ask('GET', path)).status).toBe(status);
  });

  test('of a key that may not read is refused', async () => {
    const key = await api.key('run:start');
    expect((await api.ask('GET', '/v1/runs/last/events', { headers: { 'x-api-key': key } })).status).toBe(403);
  });
});

test('when the room stops, every stream is closed without an end, so that readers come back', async () => {
  const run = await newRun();
  const stream = sentEvents(await watch(run));
  await stream.next();
  await api.hub.close();
  const events: string[] = [];
  for await (const { event } of stream) events.push(event);
  expect(events).not.toContain('end');
});
