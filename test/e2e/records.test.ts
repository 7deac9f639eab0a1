import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonDigest } from '#ir/digest.js';
import { systemClock } from '#kit/clock.js';
import { uuidv7 } from '#kit/ids.js';
import { listArtefacts, openArtefact, prune, saveArtefact } from '../../src/record/artefact-store.js';
import { INLINE_BYTES, keepFile } from '../../src/record/artefacts.js';
import { exportBundle, sealRun } from '../../src/record/seal.js';
import { unsealedRuns } from '../../src/record/seal-store.js';
import { Sealer } from '../../src/record/sealer.js';
import { readChain } from '../../src/record/store.js';
import { verifyBundle } from '../../src/record/verify-bundle.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';
import { ATTACKER, chainOf, DEPLOY, INSTALLATION, type Sample } from '../vectors/sample.js';

const ORG = '00000000-0000-7000-8000-000000000001';
const OTHER_ORG = '00000000-0000-7000-8000-000000000002';
const deps = { key: INSTALLATION, version: '1.0.0', now: () => systemClock.now() };

let db: TestDatabase;
let root: string;
beforeAll(async () => {
  db = await testDatabase();
  root = await mkdtemp(join(tmpdir(), 'opsroom-records-'));
  const insert = 'insert into opsroom.organisations (id, slug, name) values ($1, $2, $2)';
  await db.database.engine.query(insert, [OTHER_ORG, 'other']);
});
afterAll(async () => {
  await db.close();
  await rm(root, { recursive: true });
});

/** What the engine leaves of an ended run: its rows, as far as sealing reads them. */
async function ended(sample: Sample, { withEnd = true }: { withEnd?: boolean } = {}): Promise<string> {
  const id = uuidv7();
  const { engine } = db.database;
  const digest = jsonDigest(sample.plan);
  const plan = 'insert into opsroom.plans (org_id, digest, body) values ($1, $2, $3) on conflict do nothing';
  await engine.query(plan, [ORG, digest, JSON.stringify(sample.plan)]);
  await engine.query(
    `insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, word, workspace, started_at, ended_at)
     values ($1, $2, $3, 'a run', '{}', '', $4, 'B', $5, $6, $7, '{}', now(), now())`,
    [ORG, id, digest, JSON.stringify(sample.run.target), sample.run.requestedBy, sample.run.status, sample.run.word],
  );
  const bodies = withEnd ? sample.bodies : sample.bodies.slice(0, -1);
  await engine.query(
    `insert into opsroom.proofs (org_id, run_id, seq, hash, record)
     select $1, $2, (r->>'seq')::int, r->>'hash', r from jsonb_array_elements($3) r`,
    [ORG, id, JSON.stringify(chainOf(id, bodies))],
  );
  for (const value of sample.evidence) {
    const evidence = 'insert into opsroom.evidence (org_id, digest, body) values ($1, $2, $3) on conflict do nothing';
    await engine.query(evidence, [ORG, jsonDigest(value), JSON.stringify(value)]);
  }
  return id;
}

const seal = (run: string) => db.database.engineTx((tx) => sealRun(tx, ORG, run, deps));
const count = async (table: 'bundles' | 'audit_entries'): Promise<number> =>
  (await db.database.engine.query<{ n: number }>(`select count(*)::int n from opsroom.${table}`)).rows[0]?.n ?? -1;

async function verified(run: string) {
  const bundle = await exportBundle(db.database.engine, ORG, run, deps);
  return verifyBundle(Buffer.from(JSON.stringify(bundle)), { publicKey: INSTALLATION.publicKeyPem });
}

describe('sealing', () => {
  test('a run is known as sealed whatever the clock of the machine that sealed it said, until its chain goes on', async () => {
    const run = await ended(DEPLOY);
    const isOpen = async () => (await unsealedRuns(db.database.engine, 1000)).some((one) => one.run === run);
    expect(await isOpen()).toBe(true);
    await db.database.engineTx((tx) => sealRun(tx, ORG, run, { ...deps, now: () => new Date(0) }));
    expect(await isOpen()).toBe(false);
    const later = await ended(DEPLOY, { withEnd: false });
    await db.database.engineTx((tx) => sealRun(tx, ORG, later, { ...deps, now: () => new Date('2999-01-01') }));
    const append = `insert into opsroom.proofs (org_id, run_id, seq, hash, record)
      select org_id, run_id, max(seq) + 1, repeat('0', 64), '{}' from opsroom.proofs where run_id = $1 group by 1, 2`;
    await db.database.engine.query(append, [later]);
    expect((await unsealedRuns(db.database.engine, 1000)).map((one) => one.run)).toContain(later);
    await db.database.engine.query('update opsroom.runs set ended_at = null where id = $1', [later]);
  });

  test('runs that end together are sealed together, and one that cannot be sealed fails alone', async () => {
    const runs = [await ended(DEPLOY), await ended(DEPLOY, { withEnd: false }), await ended(DEPLOY)];
    const { engine } = db.database;
    const statements: string[] = [];
    const counted = ((query: { name: string; text: string }) => {
      statements.push(query.name);
      return engine.query(query);
    }) as typeof engine.query;
    const sealer = new Sealer({ query: counted }, deps);
    const before = await count('audit_entries');
    await Promise.all([...runs, ...runs].map((run) => sealer.seal(ORG, run)));
    expect(statements.filter((name) => name === 'write_seals')).toHaveLength(1);
    expect(await count('audit_entries')).toBe(before + runs.length);
    for (const run of runs) expect((await verified(run)).ok).toBe(true);

    const fine = await ended(DEPLOY);
    const fates = await Promise.allSettled([uuidv7(), uuidv7(), fine].map((run) => sealer.seal(ORG, run)));
    expect(fates.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect((await verified(fine)).ok).toBe(true);
  });

  test(
    verifies('PROOF-03', 'an ended run becomes a bundle that verifies, with its place in the audit tree'),
    async () => {
      const run = await ended(DEPLOY);
      expect(await seal(run)).toMatchObject({ n: 1, fresh: true });
      const report = await verified(run);
      expect(report).toMatchObject({
        ok: true,
        key: { trust: 'pinned' },
        run: { id: run, status: 'succeeded' },
        omitted: 0,
      });
      expect(report.checks.map((c) => c.name)).toContain('inclusion');
    },
  );

  test('several at once seal once', async () => {
    const run = await ended(DEPLOY);
    const [bundles, entries] = [await count('bundles'), await count('audit_entries')];
    const sealed = await Promise.all([seal(run), seal(run), seal(run), seal(run)]);
    expect(sealed.filter((s) => s.fresh)).toHaveLength(1);
    expect(await seal(run)).toEqual({ ...sealed[0], fresh: false });
    expect([await count('bundles'), await count('audit_entries')]).toEqual([bundles + 1, entries + 1]);
  });

  test('many runs at once take places in the tree without a gap', async () => {
    const runs = await Promise.all(Array.from({ length: 9 }, () => ended(DEPLOY)));
    await Promise.all(runs.map(seal));
    for (const run of runs) expect((await verified(run)).ok).toBe(true);
    const { rows } = await db.database.engine.query<{ seq: number }>(
      'select seq from opsroom.audit_entries order by seq',
    );
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i));
  });

  test('a chain without its end is closed', async () => {
    const run = await ended(DEPLOY, { withEnd: false });
    await seal(run);
    const chain = await readChain(db.database.engine, ORG, run);
    expect(chain.at(-1)?.body).toEqual({ type: 'end', status: 'succeeded', word: 'exit code only' });
    expect((await verified(run)).ok).toBe(true);
  });

  test('a run rolled back after its end is sealed again, and the first bundle stays', async () => {
    const run = await ended(DEPLOY);
    await seal(run);
    const change = "update opsroom.runs set status = 'rolled_back', word = 'failed' where id = $1";
    await db.database.engine.query(change, [run]);
    expect(await seal(run)).toMatchObject({ n: 2, fresh: true });
    expect(await verified(run)).toMatchObject({ ok: true, run: { status: 'rolled_back' } });
    const { rows } = await db.database.engine.query('select n from opsroom.bundles where run_id = $1 order by n', [
      run,
    ]);
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('a run that goes on, or that is none, is refused', async () => {
    const run = await ended(DEPLOY);
    await db.database.engine.query("update opsroom.runs set status = 'waiting' where id = $1", [run]);
    await expect(seal(run)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    await expect(seal(uuidv7())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(exportBundle(db.database.engine, ORG, run, deps)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('after a change of keys an old bundle still verifies with its own', async () => {
    const run = await ended(DEPLOY);
    await seal(run);
    const bundle = await exportBundle(db.database.engine, ORG, run, { ...deps, key: ATTACKER });
    expect(verifyBundle(Buffer.from(JSON.stringify(bundle)), { publicKey: INSTALLATION.publicKeyPem }).ok).toBe(true);
  });

  test(
    verifies('PROOF-07', 'what was sealed cannot be changed or deleted, nor seen by another organisation'),
    async () => {
      await seal(await ended(DEPLOY));
      for (const statement of [
        "update opsroom.audit_entries set kind = 'x'",
        'delete from opsroom.audit_entries',
        'truncate opsroom.audit_entries',
        'delete from opsroom.bundles',
        'update opsroom.bundles set n = n + 100',
      ]) {
        await expect(db.database.engine.query(statement), statement).rejects.toThrow('append-only');
      }
      const seen = (org: string) => db.database.door(org, (tx) => tx.query('select 1 from opsroom.bundles'));
      expect((await seen(ORG)).rowCount).toBe(await count('bundles'));
      expect((await seen(OTHER_ORG)).rowCount).toBe(0);
      const write = db.database.door(ORG, (tx) =>
        tx.query('insert into opsroom.signing_keys values ($1, $2, $3)', [ORG, 'a', 'b']),
      );
      await expect(write).rejects.toThrow('permission denied');
    },
  );
});

describe('artefacts', () => {
  const small = Buffer.from([0, 1, 2, 255, 254]);
  const large = Buffer.alloc(INLINE_BYTES + 10, 'large');

  async function keepBoth(runId: string) {
    const folder = join(root, 'artefacts');
    await writeFile(join(root, 'small'), small);
    await writeFile(join(root, 'large'), large);
    const of = { org: ORG, runId, stepId: 'build', item: -1, revision: 0, attempt: 1 };
    const kept = await Promise.all(['small', 'large'].map((name) => keepFile(root, { name, path: name }, { folder })));
    for (const file of kept) await saveArtefact(db.database.engine, of, file);
    for (const file of kept) await saveArtefact(db.database.engine, of, file);
    return { folder, kept };
  }

  test('come back byte for byte, by digest, to their own organisation', async () => {
    const run = uuidv7();
    const { folder, kept } = await keepBoth(run);
    const listed = await listArtefacts(db.database.engine, ORG, run);
    expect(listed.map(({ name, size, present }) => ({ name, size, present }))).toEqual([
      { name: 'large', size: large.length, present: true },
      { name: 'small', size: small.length, present: true },
    ]);
    for (const [i, content] of [small, large].entries()) {
      const { size, stream } = await openArtefact(db.database.engine, ORG, kept[i]?.sha256 ?? '', folder);
      expect(size).toBe(content.length);
      expect((await buffer(stream)).equals(content)).toBe(true);
    }
    const elsewhere = openArtefact(db.database.engine, ORG, kept[1]?.sha256 ?? '', join(root, 'another host'));
    await expect(elsewhere).rejects.toMatchObject({ code: 'NOT_FOUND', where: kept[1]?.sha256 });
    const stranger = openArtefact(db.database.engine, OTHER_ORG, kept[0]?.sha256 ?? '', folder);
    await expect(stranger).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('old ones are pruned from the database and the disk; what names them stays', async () => {
    const run = uuidv7();
    const { folder, kept } = await keepBoth(run);
    expect(await prune(db.database.engine, ORG, new Date(0), folder)).toBe(0);
    expect(await prune(db.database.engine, ORG, new Date(Date.now() + 60_000), folder)).toBe(2);
    expect((await listArtefacts(db.database.engine, ORG, run)).map((a) => a.present)).toEqual([false, false]);
    expect(await readdir(join(folder, (kept[1]?.sha256 ?? '').slice(0, 2)))).toEqual([]);
  });
});
