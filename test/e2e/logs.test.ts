import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LogStore, openLogs } from '#execute/logs/logs.js';
import { followLog, type LogEntry, readLog } from '#execute/logs/read.js';
import { logsOf, preparePartitions, prunePartitions } from '#execute/logs/store.js';
import type { AttemptId } from '#ir/calls.js';
import { uuidv7 } from '#kit/ids.js';
import { createMask } from '#observe/redact.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';

const ORG = '00000000-0000-7000-8000-000000000001';
const bare = createMask(new Map());
let db: TestDatabase;
let pool: Pool;
let logs: LogStore;

beforeAll(async () => {
  db = await testDatabase();
  pool = db.database.pool({ name: 'logs', max: 1, synchronousCommit: 'off' });
  logs = openLogs(pool);
});
afterAll(async () => {
  await logs.close();
  await db.close();
});

const attempt = (stepId: string): AttemptId => ({
  org: ORG,
  runId: uuidv7(),
  stepId,
  item: -1,
  revision: 0,
  attempt: 1,
});

/** As an outsider would, from the documented format alone. */
async function storedBodies(id: AttemptId): Promise<Buffer[]> {
  const { rows } = await pool.query<{ codec: number; body: Buffer }>(
    'select codec, body from opsroom.step_log_chunks where run_id = $1 and step_id = $2 order by seq',
    [id.runId, id.stepId],
  );
  return rows.map(({ codec, body }) => (codec === 1 ? inflateRawSync(body) : body));
}

function digestOf(bodies: readonly Buffer[]): string {
  const outer = createHash('sha256');
  for (const body of bodies) outer.update(createHash('sha256').update(body).digest());
  return outer.digest('hex');
}

const numbered = (n: number) => `${String(n).padStart(9, '0')} ${'x'.repeat(89)}\n`;

function textOf(entries: readonly LogEntry[]): string {
  return entries
    .map((entry) => (entry.stream === 'gap' ? `[${entry.dropped}]\n` : entry.text + (entry.ended ? '\n' : '')))
    .join('');
}

function heldMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Buffers that are found unused are given back beside the program; the next collection waits for that.
  collect();
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('what a step prints', () => {
  test(verifies('TOOL-01', 'is kept line by line, both streams in order, with its digest'), async () => {
    const id = attempt('both');
    const writer = logs.writer(id, bare);
    writer.write('out', Buffer.from('one\ntw'));
    writer.write('err', Buffer.from('\u001b[31mred\u001b[0m\n'));
    writer.write('out', Buffer.from('o\nrest'));
    const summary = await writer.close();
    expect(await readLog(pool, id)).toEqual([
      { number: 1, stream: 'out', text: 'one', ended: true },
      { number: 2, stream: 'err', text: '\u001b[31mred\u001b[0m', ended: true },
      { number: 3, stream: 'out', text: 'two', ended: true },
      { number: 4, stream: 'out', text: 'rest', ended: false },
    ]);
    expect(summary).toMatchObject({ lines: 4, droppedLines: 0, digest: digestOf(await storedBodies(id)) });
    expect(await readLog(pool, id, { fromLine: 2, limit: 1 })).toMatchObject([{ number: 2 }]);
    expect(await readLog(pool, id, { tail: 2 })).toMatchObject([{ number: 3 }, { number: 4 }]);
    expect(await logsOf(pool, { org: ORG, runId: id.runId })).toMatchObject([{ id, lines: 4 }]);
  });

  test('leaves no row when it prints nothing', async () => {
    const id = attempt('silent');
    expect(await logs.writer(id, bare).close()).toBeUndefined();
    expect(await storedBodies(id)).toEqual([]);
  });

  test('a million lines come back, none missing', async () => {
    const id = attempt('million');
    const writer = logs.writer(id, bare);
    const before = heldMemory();
    for (let from = 0; from < 1_000_000; from += 1000) {
      writer.write('out', Buffer.from(Array.from({ length: 1000 }, (_, i) => `${from + i}\n`).join('')));
    }
    expect(heldMemory() - before).toBeLessThan(40 * 1024 * 1024);
    expect(await writer.close()).toMatchObject({ lines: 1_000_000, droppedLines: 0 });
    let next = 0;
    while (next < 1_000_000) {
      const lines = await readLog(pool, id, { fromLine: next + 1, limit: 100_000 });
      expect(lines).toHaveLength(100_000);
      for (const line of lines) {
        if (line.stream === 'gap' || line.text !== String(next++))
          throw new Error(`line ${next}: ${JSON.stringify(line)}`);
      }
    }
    expect(await readLog(pool, id, { tail: 1 })).toMatchObject([{ number: 1_000_000, text: '999999' }]);
  });

  test('of 50 MB at once the head and the tail stay, and the hole is said', async () => {
    const id = attempt('burst');
    const writer = logs.writer(id, bare);
    const before = heldMemory();
    for (let n = 0; n < 500_000; n++) writer.write('out', Buffer.from(numbered(n)));
    expect(heldMemory() - before).toBeLessThan(40 * 1024 * 1024);
    const summary = await writer.close();
    const bodies = await storedBodies(id);
    expect(bodies.reduce((sum, body) => sum + body.length, 0)).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(summary?.digest).toBe(digestOf(bodies));

    const entries = await readLog(pool, id);
    const gaps = entries.filter((entry) => entry.stream === 'gap');
    expect(gaps).toEqual([{ number: expect.any(Number), stream: 'gap', dropped: summary?.droppedLines }]);
    expect(entries.length - 1 + (summary?.droppedLines ?? 0)).toBe(500_000);
    expect(entries[0]).toMatchObject({ text: numbered(0).trim() });
    expect(entries.at(-1)).toMatchObject({ number: 500_000, text: numbered(499_999).trim() });
  });

  test('the tail rolls on in the table as well, while it is followed', async () => {
    const small = openLogs(pool, { limits: { headBytes: 2500, tailBytes: 3500 } });
    const id = attempt('rolling');
    const writer = small.writer(id, bare);
    let ended = false;
    const seen: LogEntry[] = [];
    const follow = followLog((work) => work(pool), id, { ended: () => ended, pollMs: 1 });
    for (let n = 1; n <= 12; n++) {
      writer.write('out', Buffer.from(`${n} ${'y'.repeat(500)}\n`));
      const { value } = await follow.next();
      if (value) seen.push(value);
    }
    ended = true;
    const summary = await writer.close();
    for await (const entry of follow) seen.push(entry);
    expect(seen.map(({ number, stream }) => [number, stream])).toEqual(
      Array.from({ length: 12 }, (_, i) => [i + 1, 'out']),
    );
    expect(summary?.droppedLines).toBeGreaterThan(3);
    expect(summary?.digest).toBe(digestOf(await storedBodies(id)));
    const entries = await readLog(pool, id);
    expect(entries.filter(({ stream }) => stream === 'gap')).toMatchObject([{ dropped: summary?.droppedLines }]);
  });
});

describe('hostile output', () => {
  test(verifies('KEEP-03', 'a secret split over two writes, or encoded, never reaches the table'), async () => {
    const id = attempt('secret');
    const writer = logs.writer(id, createMask(new Map([['TOKEN', 'correct horse battery']])));
    writer.write('out', Buffer.from('token=correct ho'));
    writer.write('err', Buffer.from('meanwhile\n'));
    writer.write('out', Buffer.from('rse battery\n'));
    writer.write('out', Buffer.from(`${Buffer.from('correct horse battery').toString('base64')}\ncorrect horse bat`));
    await writer.close();
    const text = textOf(await readLog(pool, id));
    expect(text).toContain('token=‹secret:TOKEN›\n');
    const stored = Buffer.concat(await storedBodies(id)).toString('latin1');
    expect(stored).not.toMatch(/horse battery|Y29ycmVjdCBob3JzZSBiYXR0/);
  });

  test('NUL, invalid UTF-8 and lone halves of characters are stored as they came', async () => {
    const id = attempt('hostile');
    const bytes = Buffer.from([0, 255, 0xed, 0xa0, 0x80, 10, 0xc3, 13, 10, 0]);
    const writer = logs.writer(id, bare);
    for (const byte of bytes) writer.write('out', Buffer.of(byte));
    await writer.close();
    const [body] = await storedBodies(id);
    expect(body?.subarray(8).toString('hex')).toBe('020500ffeda0800202c30d000100');
    expect(textOf(await readLog(pool, id))).toBe('\0\ufffd\ufffd\ufffd\ufffd\n\ufffd\r\n\0');
  });

  test('a log that the database refuses fails alone', async () => {
    const bad = logs.writer({ ...attempt('bad'), runId: 'no uuid' }, bare);
    const id = attempt('innocent');
    const good = logs.writer(id, bare);
    bad.write('out', Buffer.from('x\n'));
    good.write('out', Buffer.from('y\n'));
    const refused = expect(bad.close()).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await good.close()).toMatchObject({ lines: 1 });
    await refused;
    expect(textOf(await readLog(pool, id))).toBe('y\n');
  });
});

/** Stands between a pool and the server, and can be cut. */
async function openGate(url: URL) {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(url.port), url.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  const set = (to: boolean) => {
    open = to;
    if (!to) for (const socket of sockets) socket.destroy();
  };
  return { url: through.href, set, close: () => server.close() };
}

describe('when the database is away', () => {
  test('close rejects, the log is kept, and a later close stores it', async () => {
    const gate = await openGate(new URL(db.url));
    const gated = new Pool({ connectionString: gate.url, max: 1 });
    gated.on('error', () => undefined);
    const store = openLogs(gated);
    const id = attempt('away');
    const writer = store.writer(id, bare);
    gate.set(false);
    writer.write('out', Buffer.from('kept\n'));
    await expect(writer.close()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    gate.set(true);
    const summary = await writer.close();
    expect(summary?.digest).toBe(digestOf(await storedBodies(id)));
    expect(textOf(await readLog(pool, id))).toBe('kept\n');
    await store.close();
    await gated.end();
    gate.close();
  });
});

describe('many at once', () => {
  test('a hundred writers share their inserts', async () => {
    const writers = Array.from({ length: 100 }, (_, n) => ({ id: attempt(`s${n}`), n })).map((each) => ({
      ...each,
      writer: logs.writer(each.id, bare),
    }));
    for (const { writer, n } of writers) writer.write('out', Buffer.from(`I am ${n}\n`));
    await Promise.all(writers.map(({ writer }) => writer.close()));
    const { rows } = await pool.query<{ commits: number }>(
      `select count(distinct xmin::text)::int as commits from opsroom.step_log_chunks where run_id = any($1)`,
      [writers.map(({ id }) => id.runId)],
    );
    expect(rows[0]?.commits).toBe(1);
    for (const { id, n } of writers) expect(textOf(await readLog(pool, id))).toBe(`I am ${n}\n`);
  });
});

describe('partitions', () => {
  test('doors read their organisation through the parent, and nothing of a partition', async () => {
    const id = attempt('door');
    const writer = logs.writer(id, bare);
    writer.write('out', Buffer.from('mine\n'));
    await writer.close();
    expect(textOf(await db.database.door(ORG, (tx) => readLog(tx, id)))).toBe('mine\n');
    expect(await db.database.door(uuidv7(), (tx) => readLog(tx, id))).toEqual([]);
    const { rows } = await pool.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'opsroom.step_log_chunks'::regclass`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(8);
    for (const { name } of rows) {
      const direct = db.database.door(ORG, (tx) => tx.query(`select from ${name}`));
      await expect(direct).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('old days are dropped, once', async () => {
    await preparePartitions(pool, '2020-01-01', '2020-01-03');
    await preparePartitions(pool, '2020-01-02', '2020-01-04');
    expect(await prunePartitions(pool, '2020-01-04')).toBe(3);
    expect(await prunePartitions(pool, '2020-01-04')).toBe(0);
    expect(await prunePartitions(pool, '2020-01-05')).toBe(1);
  });
});
