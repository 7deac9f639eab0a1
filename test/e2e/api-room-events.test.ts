import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '#server/listen.js';
import { type TestApi, testApi } from '../harness/api.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { sentEvents } from '../harness/sse.js';

interface Told {
  readonly id: string;
  readonly reset: boolean;
  readonly events: readonly { readonly run: string; readonly seq: number; readonly type: string }[];
}

let api: TestApi;
let server: Listening;
/** Transactions of the doors. */
let transactions = 0;
const counted = (): void => {
  transactions += 1;
};

beforeAll(async () => {
  api = await testApi({ heartbeatMs: 200, counted });
  server = await listen(api.app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api?.hub.close();
  await server?.close(1000);
  await api?.close();
});

const follow = (after?: string, byHeader = false, floods = 'tell') => {
  const query = `?floods=${floods}${after === undefined || byHeader ? '' : `&after=${after}`}`;
  const header: Record<string, string> = after !== undefined && byHeader ? { 'last-event-id': after } : {};
  return fetch(`${server.url}/v1/events${query}`, { headers: { 'x-api-key': api.local, ...header } });
};

/** What a stream tells, without its signs of life. */
async function* told(answer: Response): AsyncGenerator<Told> {
  for await (const { event, rawId, data } of sentEvents(answer)) {
    if (event === 'message' && data !== '') yield { id: rawId, ...(JSON.parse(data) as Omit<Told, 'id'>) };
  }
}

/** As `told`, and looks whether it is done whenever the stream shows that it lives. */
async function* quietly(answer: Response, done: () => boolean): AsyncGenerator<Told> {
  for await (const { event, rawId, data } of sentEvents(answer)) {
    if (event === 'message' && data !== '') yield { id: rawId, ...(JSON.parse(data) as Omit<Told, 'id'>) };
    else if (done()) return;
  }
}

/** Whether the doors have begun so many more transactions. */
function looked(more: number): () => boolean {
  const before = transactions;
  return () => transactions >= before + more;
}

/** Where the Runboard stood up to a fifth of a second ago: what came then comes as well. */
const cursor = async (): Promise<string> => (await api.ask('GET', '/v1/runboard')).body()['cursor'] as string;
/** What has not come by then is lost. */
const GIVE_UP_MS = 10_000;
const many = `insert into opsroom.events (org_id, run_id, seq, type) select $1, $2, n, 'test' from generate_series($3::int, $4::int) n`;
const insert = 'insert into opsroom.events (org_id, run_id, seq, type) values ($1, $2, $3, $4)';

/** Writers that are in the middle of a transaction, each for a run of its own. */
class Writers {
  /** When the last was committed, ms. */
  private endedMs = Number.POSITIVE_INFINITY;
  private readonly pending = new Map<string, string[]>();
  private readonly clients: { client: Client; run: string; seq: number; open: boolean }[] = [];
  /** `run seq` of every event that was committed, in no order. */
  readonly committed: string[] = [];

  static async open(count: number): Promise<Writers> {
    const writers = new Writers();
    for (let n = 0; n < count; n++) {
      const client = new Client({ connectionString: api.db.url });
      await client.connect();
      writers.clients.push({ client, run: randomUUID(), seq: 0, open: false });
    }
    return writers;
  }

  has(run: string): boolean {
    return this.clients.some((one) => one.run === run);
  }

  async write(which: number): Promise<void> {
    const one = this.clients[which % this.clients.length];
    if (!one) return;
    if (!one.open) await one.client.query('begin');
    one.open = true;
    one.seq += 1;
    await one.client.query(insert, [api.room.org, one.run, one.seq, 'test']);
    this.pending.set(one.run, [...(this.pending.get(one.run) ?? []), `${one.run} ${one.seq}`]);
  }

  async end(which: number, how: 'commit' | 'rollback'): Promise<void> {
    const one = this.clients[which % this.clients.length];
    if (!one?.open) return;
    await one.client.query(how);
    const written = this.pending.get(one.run) ?? [];
    if (how === 'commit') this.committed.push(...written);
    else one.seq -= written.length;
    this.pending.delete(one.run);
    one.open = false;
  }

  async close(): Promise<void> {
    for (let n = 0; n < this.clients.length; n++) await this.end(n, 'commit');
  }

  finish(): void {
    this.endedMs = performance.now();
  }

  /** Whether somebody who has seen so many events has seen all, or will not any more. */
  haveAll(seen: number): boolean {
    const sinceMs = performance.now() - this.endedMs;
    return sinceMs >= 0 && (seen >= this.committed.length || sinceMs > GIVE_UP_MS);
  }

  async leave(): Promise<void> {
    await Promise.all(this.clients.map(({ client }) => client.end()));
  }
}

/** The events until `done` says that all have come. */
async function gather(answer: Response, done: (seen: readonly string[]) => boolean): Promise<string[]> {
  const seen: string[] = [];
  for await (const { events } of told(answer)) {
    seen.push(...events.map(({ run, seq }) => `${run} ${seq}`));
    if (done(seen)) break;
  }
  return seen;
}

/** Reads on from a place, breaking the connection so many times, until all that was committed has come. */
async function reading(from: string, breaks: number, writers: Writers): Promise<string[]> {
  const seen: string[] = [];
  const done = () => writers.haveAll(seen.length);
  let at = from;
  for (let left = breaks; !done(); left--) {
    for await (const { id, events } of quietly(await follow(at, left % 2 === 0), done)) {
      seen.push(...events.filter(({ run }) => writers.has(run)).map(({ run, seq }) => `${run} ${seq}`));
      at = id;
      if (done() || left > 0) break;
    }
  }
  return seen;
}

const act = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), which: fc.nat(5) }),
  fc.record({ kind: fc.constant('end' as const), which: fc.nat(5), how: fc.constantFrom('commit', 'rollback') }),
);

describe('the events of all runs', () => {
  test(verifies(
    'ROOM-01',
    'come once each, those of a run in order, in whatever order transactions are committed',
  ), async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), fc.nat(4), async (acts, breaks) => {
        const from = await cursor();
        const writers = await Writers.open(6);
        const all = reading(from, breaks, writers);
        for (const one of acts) {
          if (one.kind === 'write') await writers.write(one.which);
          else await writers.end(one.which, one.how);
        }
        await writers.close();
        await writers.write(0);
        await writers.end(0, 'commit'); // so that there is an event after which all have come
        writers.finish();
        const seen = await all;
        await writers.leave();
        expect([...seen].sort()).toEqual([...writers.committed].sort());
        for (const run of new Set(seen.map((key) => key.split(' ')[0]))) {
          const seqs = seen.filter((key) => key.startsWith(`${run} `)).map((key) => Number(key.split(' ')[1]));
          expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  test('cost the database one follower, however many watch', async () => {
    const run = randomUUID();
    const streams = await Promise.all(Array.from({ length: 100 }, () => follow()));
    await eventually(() => api.hub.followers === 1);
    // Whoever has been told the first stands where the others do.
    await api.db.database.engine.query(insert, [api.room.org, run, 1, 'test']);
    const last = 40;
    const before = transactions;
    const heard = streams.map((stream) => gather(stream, (seen) => seen.includes(`${run} ${last}`)));
    for (let seq = 2; seq <= last; seq++) {
      await api.db.database.engine.query(insert, [api.room.org, run, seq, 'test']);
      await api.db.database.engine.query("select pg_notify('opsroom_runs', $1)", [run]);
    }
    const all = await Promise.all(heard);
    for (const seen of all)
      expect(seen).toEqual(Array.from({ length: last }, (_, n) => `${run} ${n + 1}`).slice(-seen.length));
    // One hundred begin, and one reads.
    expect(transactions - before).toBeLessThan(2 * streams.length);
    await eventually(() => api.hub.followers === 0);
  });

  test('are caught up from the ledger by who was away for longer than they are remembered', async () => {
    const from = await cursor();
    const run = randomUUID();
    const watching = await follow(); // somebody else watches all the time
    for (let n = 0; n < 60; n++)
      await api.db.database.engine.query(many, [api.room.org, run, n * 100 + 1, n * 100 + 100]);
    const seen = await gather(await follow(from), (keys) => keys.includes(`${run} 6000`));
    expect(seen).toEqual(Array.from({ length: 6000 }, (_, n) => `${run} ${n + 1}`));
    await watching.body?.cancel();
  });

  test('begin anew, and say so, for a place that another ledger gave', async () => {
    const stream = told(await follow('999999999999'));
    expect((await stream.next()).value).toMatchObject({ reset: true, events: [] });
    const run = randomUUID();
    await api.db.database.engine.query(insert, [api.room.org, run, 1, 'test']);
    expect((await stream.next()).value).toMatchObject({ reset: false, events: [{ run, seq: 1 }] });
    await stream.return(undefined);
    await eventually(() => api.hub.followers === 0);
  });

  test('begin where they are for who has no place, who is told to look again, and has one from then on', async () => {
    const stream = told(await follow());
    expect((await stream.next()).value).toMatchObject({ reset: true, events: [], id: expect.stringMatching(/^\d+/) });
    const run = randomUUID();
    await api.db.database.engine.query(insert, [api.room.org, run, 1, 'test']);
    expect((await stream.next()).value).toMatchObject({ reset: false, events: [{ run, seq: 1 }] });
    await stream.return(undefined);
    await eventually(() => api.hub.followers === 0);
  });

  test('of a transaction that goes on come to who came back meanwhile', async () => {
    const from = await cursor();
    const writers = await Writers.open(2);
    await writers.write(0);
    await writers.write(1);
    await writers.end(1, 'commit');
    let place = from;
    for await (const { id } of told(await follow(from))) {
      place = id;
      break;
    }
    expect(place).toMatch(/^\d+-\d+$/);
    const late = told(await follow(place));
    const next = late.next();
    // Its first look finds nothing new: what goes on is still known to be missing after it.
    await eventually(() => api.hub.followers === 1);
    await eventually(looked(3));
    await writers.end(0, 'commit');
    await writers.leave();
    expect(((await next).value as Told).events.map(({ run, seq }) => `${run} ${seq}`)).toEqual([writers.committed[1]]);
    await late.return(undefined);
  });

  test('of a flood are left out for who asks so, who is told up to where, and gets what comes after', async () => {
    const from = await cursor();
    const run = randomUUID();
    const sizes = [1, 2500, 3, 2001, 1];
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const skipping = told(await follow(from, false, 'skip'));
    const all = gather(await follow(from), (keys) => keys.length === total);
    let seq = 0;
    const seen: (string | number)[] = [];
    for (const size of sizes) {
      const values = [api.room.org, run, seq + 1, seq + size];
      await api.db.database.engine.query(many, values);
      seq += size;
      // The next is written when this one was told: otherwise it might be skipped with it.
      const { value } = (await skipping.next()) as { value: Told };
      seen.push(value.reset ? 'reset' : value.events.length);
      if (value.reset) expect(value.events).toEqual([]);
      const behind = 'select count(*)::int as n from opsroom.events where run_id = $1 and xid >= $2::text::xid8';
      const { rows } = await api.db.database.engine.query(behind, [run, value.id.split('-')[0]]);
      expect(rows).toEqual([{ n: 0 }]);
    }
    expect(seen).toEqual([1, 'reset', 3, 'reset', 1]);
    expect((await all).length).toBe(total);
    await skipping.return(undefined);
    await eventually(() => api.hub.followers === 0);
    // Who comes when nobody remembers any more is told the same by the ledger.
    const late = told(await follow(from, true, 'skip'));
    expect((await late.next()).value).toMatchObject({ reset: true, events: [] });
    await late.return(undefined);
  });

  test.each([
    ['?floods=drop', 400],
    ['?after=x', 400],
    ['?after=5-7', 400],
    ['?more=1', 400],
  ])('%s answers %d', async (query, status) => {
    expect((await api.ask('GET', `/v1/events${query}`)).status).toBe(status);
  });

  test(verifies('KEEP-01', 'are told to nobody without the permission, nor of another organisation'), async () => {
    const key = await api.key('run:start');
    expect((await api.ask('GET', '/v1/events', { headers: { 'x-api-key': key } })).status).toBe(403);
    const from = await cursor();
    const other = randomUUID();
    await api.db.database.engine.query('insert into opsroom.organisations (id, slug, name) values ($1, $2, $2)', [
      other,
      'other',
    ]);
    const mine = randomUUID();
    await api.db.database.engine.query(insert, [other, randomUUID(), 1, 'theirs']);
    await api.db.database.engine.query(insert, [api.room.org, mine, 1, 'ours']);
    for await (const { events } of told(await follow(from))) {
      expect(events.map(({ type }) => type)).not.toContain('theirs');
      if (!events.some(({ run }) => run === mine)) continue;
      break;
    }
  });
});
