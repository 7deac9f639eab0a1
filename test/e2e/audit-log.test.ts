import { createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rotateAudit } from '#operations/audit/rotate.js';
import { verifyAuditFile } from '#operations/audit/verify.js';
import { invoke } from '#operations/invoke.js';
import { auditLeaf } from '#record/audit.js';
import { type AuditReport } from '#record/audit-read.js';
import { appendAudit } from '#record/audit-store.js';
import { verifyExport } from '#record/audit-verify.js';
import { type Envelope, verifyEnvelope } from '#record/dsse.js';
import { verifyConsistency, verifyInclusion } from '#record/merkle.js';
import { BLOCK } from '#record/subtrees.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await testApi();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-audit-'));
});
afterAll(async () => {
  await api?.close();
  await rm(folder, { recursive: true, force: true });
});

const bytes = (hex: string) => Buffer.from(hex, 'hex');

interface Head {
  size: number;
  root: string;
  envelope: Envelope;
  publicKey: string;
}
const head = async () => (await api.ask('GET', '/v1/audit/head')).body() as unknown as Head;

async function exportFile(name: string, query = ''): Promise<string> {
  const answer = await api.ask('GET', `/v1/audit/export?${query}`);
  expect(answer.status).toBe(200);
  const file = join(folder, name);
  await writeFile(file, answer.text);
  return file;
}

/** Entries as if they had been written long ago. */
async function grow(count: number, at = '2025-01-01T00:00:00.000Z'): Promise<void> {
  await api.db.database.engineTx((tx) =>
    appendAudit(
      tx,
      api.room.org,
      Array.from({ length: count }, (_, i) => ({ at, kind: 'test.grown', actor: 'user:test', data: { i } })),
    ),
  );
}

describe('the audit log', () => {
  test('is listed by kind, actor, time and outcome, page by page', async () => {
    await grow(5);
    const key = await api.key('run:read', 'audit:read');
    await api.ask('POST', '/v1/sessions', { body: { name: 'x' }, headers: { 'x-api-key': key } });
    const list = async (query: string) =>
      (await api.ask('GET', `/v1/audit?${query}`)).body() as {
        entries: { seq: number; kind: string; outcome: string; actor: string }[];
        next: number | null;
      };
    const all = await list('limit=200');
    expect(all.entries.map(({ seq }) => seq)).toEqual(all.entries.map((_, i) => all.entries.length - 1 - i));
    const paged: number[] = [];
    for (let next: number | null = all.entries.length; next !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(`limit=2&before=${next}`);
      paged.push(...page.entries.map(({ seq }) => seq));
      next = page.next;
    }
    expect(paged).toEqual(all.entries.map(({ seq }) => seq));
    expect((await list('kind=test.')).entries.length).toBe(5);
    expect((await list('since=2025-01-01T00:00:00Z&until=2025-01-01T01:00:00%2B01:00')).entries).toEqual([]);
    expect((await list('since=2025-01-01T01:00:00%2B01:00&until=2025-01-02T00:00:00Z')).entries.length).toBe(5);
    expect((await list('refused=true')).entries[0]).toMatchObject({ kind: 'call.sessions.create', outcome: 'DENIED' });
    expect((await list('actor=key:key-1')).entries.length).toBe(1);
    const answer = await api.ask('GET', '/v1/audit', { headers: { 'x-api-key': await api.key('run:read') } });
    expect(answer.status).toBe(403);
  });

  test(
    verifies(
      'KEEP-05',
      'signed heads, and proofs that an entry stands in the log and that an earlier log is its beginning',
    ),
    async () => {
      const before = await head();
      await grow(3 * BLOCK);
      const now = await head();
      const publicKey = createPublicKey(now.publicKey);
      expect(verifyEnvelope(before.envelope, publicKey) && verifyEnvelope(now.envelope, publicKey)).toBe(true);
      const shown = (await api.ask('GET', `/v1/audit/consistency?first=${before.size}&second=${now.size}`)).body() as {
        path: string[];
      };
      expect(
        verifyConsistency({
          first: before.size,
          firstRoot: bytes(before.root),
          second: now.size,
          secondRoot: bytes(now.root),
          path: shown.path.map(bytes),
        }),
      ).toBe(true);
      for (const seq of [0, 1, BLOCK, now.size - 1]) {
        const { proof } = (await api.ask('GET', `/v1/audit/entries/${seq}`)).body() as {
          proof: { entry: { seq: number }; index: number; size: number; path: string[] };
        };
        const claim = { ...proof, path: proof.path.map(bytes), leaf: auditLeaf(proof.entry), root: bytes(now.root) };
        expect([proof.index, verifyInclusion(claim)]).toEqual([seq, true]);
      }
      expect((await api.ask('GET', '/v1/audit/consistency?first=999999')).status).toBe(400);
      expect((await api.ask('GET', '/v1/audit/entries/999999')).status).toBe(404);
      expect((await api.ask('GET', '/v1/audit/entries/x')).status).toBe(400);
    },
  );

  test.each(['json', 'csv'])('goes out as %s and verifies by itself', async (format) => {
    const file = await exportFile(`whole.${format}`, `format=${format}`);
    const keys = [api.room.key.publicKeyPem];
    const report = await verifyAuditFile(file, { keys });
    expect(report).toMatchObject({ ok: true, key: { trust: 'pinned' } });
    expect(report.entries).toBe(report.size);
    const some = await verifyAuditFile(await exportFile(`some.${format}`, `format=${format}&kind=call.`), { keys });
    expect(some).toMatchObject({ ok: true, filter: { kind: 'call.' } });
    expect(some.entries).toBeLessThan(some.size ?? 0);
    expect(await verifyAuditFile(await exportFile('later.json'), { keys, against: file })).toMatchObject({
      ok: true,
      agreesWith: report.size,
    });
  });

  test('that somebody altered in the database does not verify, and the entry is named', async () => {
    const earlier = await exportFile('before.json');
    const seq = 3;
    const tamper = async (sql: string) => {
      const client = await api.db.database.connectDirect();
      await client.query(`begin; alter table opsroom.audit_entries disable trigger user; ${sql};
        alter table opsroom.audit_entries enable trigger user; commit`);
      await client.end();
    };
    await tamper(`update opsroom.audit_entries set actor = 'user:nobody' where seq = ${seq}`);
    const found: AuditReport = await verifyAuditFile(await exportFile('altered.json'));
    expect(found).toMatchObject({ ok: false, problem: 'altered', seq });
    await tamper(`update opsroom.audit_entries set actor = 'user:test' where seq = ${seq}`);
    expect(await verifyAuditFile(await exportFile('mended.json'), { against: earlier })).toMatchObject({ ok: true });
  });
});

describe('rotation', () => {
  beforeAll(async () => {
    await api.close();
    api = await testApi();
    await grow(4 * BLOCK + 100);
  });

  test('takes the name of no file that is there, and then nothing leaves', async () => {
    const file = join(folder, 'taken.json');
    await writeFile(file, 'the only copy of something');
    await expect(invoke(rotateAudit, { olderThanDays: 400, file }, api.room)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readFile(file, 'utf8')).toBe('the only copy of something');
    expect((await api.ask('GET', '/v1/audit/entries/3')).status).toBe(200);
    expect(await readdir(folder)).not.toContain('taken.json.part');
  });

  test(
    verifies('KEEP-05', 'old entries leave for a file that verifies; every proof goes on, with and without the file'),
    async () => {
      await api.key('run:read');
      const before = await head();
      const earlier = await exportFile('full.json');
      const file = join(folder, 'segment.json');
      const gone = await invoke(rotateAudit, { olderThanDays: 400, file }, api.room);
      expect(gone.entries).toBeGreaterThanOrEqual(4 * BLOCK);
      expect(gone.to % BLOCK).toBe(0);
      const keys = [api.room.key.publicKeyPem];
      expect(await verifyAuditFile(file, { keys })).toMatchObject({ ok: true, entries: gone.entries });
      // Every later export agrees with what was known before, with the file of the entries that left, and with a head alone.
      const later = await exportFile('after.json');
      const alone = join(folder, 'head.json');
      await writeFile(alone, JSON.stringify(before));
      for (const against of [earlier, file, alone]) {
        expect(await verifyAuditFile(later, { keys, against })).toMatchObject({ ok: true });
      }
      const now = await head();
      const { path } = (
        await api.ask('GET', `/v1/audit/consistency?first=${before.size}&second=${now.size}`)
      ).body() as { path: string[] };
      const claim = {
        first: before.size,
        firstRoot: bytes(before.root),
        second: now.size,
        secondRoot: bytes(now.root),
      };
      expect(verifyConsistency({ ...claim, path: path.map(bytes) })).toBe(true);
      const answer = await api.ask('GET', '/v1/audit/entries/3');
      expect([answer.status, answer.body()['where']]).toEqual([404, `sha256:${gone.sha256}`]);
      const segment = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
      expect(await verifyExport(segment.toSpliced(8, 1))).toMatchObject({ ok: false, problem: 'dropped', seq: 7 });
    },
  );

  test('refuses when nothing is old enough, and the database lets go of nothing else', async () => {
    const file = join(folder, 'none.json');
    await expect(invoke(rotateAudit, { olderThanDays: 400, file }, api.room)).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
    });
    const { engine } = api.db.database;
    const { size, envelope } = await head();
    for (const sql of [
      'delete from opsroom.audit_entries',
      `delete from opsroom.audit_entries where seq = ${size - 1}`,
      'truncate opsroom.audit_entries',
      'delete from opsroom.audit_blocks',
      'update opsroom.audit_segments set to_seq = 99999872',
      `insert into opsroom.audit_segments values ('${api.room.org}', ${5 * BLOCK}, ${6 * BLOCK}, '${JSON.stringify(envelope)}', '${'0'.repeat(64)}', 'x')`,
      `select opsroom.rotate_audit('${api.room.org}', ${Math.ceil(size / BLOCK) * BLOCK}, '${JSON.stringify(envelope)}', '${'0'.repeat(64)}', 'x')`,
    ]) {
      await expect(engine.query(sql), sql).rejects.toMatchObject({ code: '23001' });
    }
    await expect(
      api.db.database.door(api.room.org, (tx) =>
        tx.query(`select opsroom.rotate_audit('${api.room.org}', 256, '{}', '', '')`),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
