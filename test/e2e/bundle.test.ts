import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { ProofBody } from '#ir/proof.js';
import { preAuthEncoding } from '../../src/record/dsse.js';
import type { Bundle, Statement } from '../../src/record/statement.js';
import { type BundleReport, verifyBundle } from '../../src/record/verify-bundle.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { ATTACKER, bundleOf, INSTALLATION, withInclusion } from '../vectors/sample.js';
import { clumsy, liesAbout, rewritten, signAs, slipIn } from '../vectors/tamper.js';
import {
  deploy,
  deployBundle,
  formatVectors,
  rolledBack,
  rolledBackBundle,
  tamperedVectors,
} from '../vectors/vectors.js';

/** The vectors are made anew by `UPDATE_VECTORS=1 npx vitest run test/e2e/bundle.test.ts`, then `npx biome format --write test/vectors`. */
const folder = mkdtempSync(join(tmpdir(), 'opsroom-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (bundle: unknown): Buffer => Buffer.from(JSON.stringify(bundle));
const check = (bundle: Bundle, publicKey?: string): BundleReport =>
  verifyBundle(bytes(bundle), publicKey === undefined ? {} : { publicKey });
const failing = (report: BundleReport): string[] => report.checks.filter((c) => !c.ok).map((c) => c.name);

const samples: readonly (readonly [string, Statement, Bundle])[] = [
  ['deploy', deploy, deployBundle],
  ['rolled back', rolledBack, rolledBackBundle],
];

describe('a proof bundle', () => {
  test.each([
    ['deploy.json', deployBundle],
    ['rolled-back.json', rolledBackBundle],
    ['tampered.json', tamperedVectors()],
    ['format.json', formatVectors()],
  ])(verifies('PROOF-03', 'has exactly the pinned form: %s'), (name, value) => {
    const file = join('test/vectors', name);
    if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, JSON.stringify(value));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test.each(samples)(verifies('PROOF-04', 'verifies offline: %s'), (_name, statement, bundle) => {
    const report = check(bundle);
    expect(report).toMatchObject({
      ok: true,
      key: { trust: 'enclosed', keyid: INSTALLATION.keyid },
      head: statement.predicate.head,
    });
    expect(report.firstBroken).toBeUndefined();
    expect(check(bundle, INSTALLATION.publicKeyPem)).toMatchObject({ ok: true, key: { trust: 'pinned' } });
    expect(failing(check(bundle, ATTACKER.publicKeyPem))).toContain('signature');
  });

  test('whose evidence was too large says what is left out', () => {
    const [digest] = Object.keys(deploy.predicate.evidence);
    const { [digest ?? '']: _, ...evidence } = deploy.predicate.evidence;
    const lighter = { ...deploy, predicate: { ...deploy.predicate, evidence, omitted: [digest ?? ''] } };
    expect(check(bundleOf(lighter))).toMatchObject({ ok: true, omitted: 1 });
    expect(failing(check(bundleOf({ ...lighter, predicate: { ...lighter.predicate, omitted: [] } })))).toEqual([
      'evidence',
    ]);
  });
});

describe('tampering', () => {
  test.each(samples)(
    verifies('PROOF-07', 'with any record is found and located, signed anew or not: %s'),
    (_name, statement, bundle) => {
      const cases = clumsy(statement);
      expect(cases).toHaveLength(statement.predicate.chain.length * 6 - 1);
      for (const { name, statement: changed, seq } of cases) {
        const slipped = check(slipIn(bundle, changed));
        expect(failing(slipped), name).toEqual(expect.arrayContaining(['signature', 'chain']));
        expect(slipped.firstBroken?.seq, name).toBe(seq);
        const own = check(signAs(ATTACKER, bundle, changed));
        expect(failing(own), name).toContain('chain');
        expect(failing(own), name).not.toContain('signature');
        expect(own.firstBroken?.seq, name).toBe(seq);
        expect(failing(check(signAs(ATTACKER, bundle, changed), INSTALLATION.publicKeyPem)), name).toContain(
          'signature',
        );
      }
    },
  );

  test(verifies('PROOF-07', 'that rewrites the chain to its end is refused for what it claims'), () => {
    for (const { name, statement, check: expected, seq } of liesAbout(deploy)) {
      const report = check(signAs(ATTACKER, bundleOf(deploy), statement));
      expect(failing(report), name).toContain(expected);
      expect(failing(report), name).not.toContain('chain');
      expect(report.firstBroken?.seq, name).toBe(seq);
    }
  });

  test(
    verifies(
      'PROOF-07',
      'that rewrites any record and the chain after it fails against the pinned key and the audit tree',
    ),
    () => {
      for (const [, statement, bundle] of samples) {
        for (const seq of statement.predicate.chain.keys()) {
          const forged = rewritten(statement, seq, (body): ProofBody => ({ ...body, ...marked(body) }));
          expect(failing(check(signAs(ATTACKER, bundle, forged), INSTALLATION.publicKeyPem))).toContain('signature');
          const inside = withInclusion(bundleOf(statement), statement);
          expect(failing(check(signAs(INSTALLATION, inside, forged)))).toContain('inclusion');
        }
      }
    },
  );

  test('with anything but the chain is found', () => {
    const p = deploy.predicate;
    const [digest = '', other = ''] = Object.keys(p.evidence);
    const changes: readonly (readonly [string, Partial<Statement['predicate']>])[] = [
      ['plan', { plan: { ...p.plan, title: 'Another' } }],
      ['evidence', { evidence: { ...p.evidence, [digest]: p.evidence[other] ?? null } }],
      ['evidence', { omitted: ['f'.repeat(64)] }],
      ['genesis', { run: { ...p.run, requestedBy: 'user:mallory' } }],
      ['genesis', { run: { ...p.run, target: { environment: 'production' } } }],
      ['chain', { run: { ...p.run, id: 'another' } }],
      ['end', { run: { ...p.run, word: 'proven' } }],
    ];
    for (const [name, change] of changes) {
      expect(
        failing(check(signAs(ATTACKER, bundleOf(deploy), { ...deploy, predicate: { ...p, ...change } }))),
      ).toContain(name);
    }
    const fewer = { ...deploy, subject: deploy.subject.slice(0, 1) };
    expect(failing(check(signAs(ATTACKER, bundleOf(deploy), fewer)))).toEqual(['artefacts']);
  });

  test('with a byte of the file never throws and never passes unseen', () => {
    const whole = bytes(rolledBackBundle);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const copy = Buffer.from(whole);
        copy[place] = (copy[place] ?? 0) ^ change;
        const report = verifyBundle(copy, { publicKey: INSTALLATION.publicKeyPem });
        // Outside the envelope (the enclosed key, a key id) a byte may change when the key is pinned; what was signed may not.
        if (report.ok) expect(payloadOf(copy)).toBe(rolledBackBundle.envelope.payload);
      }),
      { numRuns: 400 },
    );
  });

  test('by hostile files gives one clear problem', () => {
    const hostile = [
      '',
      'null',
      '[]',
      '{}',
      '[[[',
      '['.repeat(100_000),
      `{"a":${'['.repeat(300)}${']'.repeat(300)}}`,
      '"\\ud800"',
      '\u0000',
    ];
    for (const text of hostile) {
      const report = verifyBundle(Buffer.from(text));
      expect(failing(report)).toEqual(['form']);
    }
    expect(failing(verifyBundle(Buffer.from([0xff, 0xfe])))).toEqual(['form']);
    const lone = Buffer.from(JSON.stringify(deploy).replace('Deploy the shop', '\\ud800')).toString('base64');
    expect(failing(check({ ...deployBundle, envelope: { ...deployBundle.envelope, payload: lone } }))).toEqual([
      'signature',
      'statement',
    ]);
    fc.assert(fc.property(fc.json(), (text) => !verifyBundle(Buffer.from(text)).ok));
  });
});

/** A change of a record that keeps its form. */
function marked(body: ProofBody): object {
  if (body.type === 'genesis') return { inputsDigest: 'e'.repeat(64) };
  if (body.type === 'step') return { outputDigest: 'e'.repeat(64) };
  if (body.type === 'verdict') return { evidence: 'e'.repeat(64) };
  return body.type === 'signal' ? { reason: 'another' } : { word: 'holds, not proven by this step' };
}

function payloadOf(file: Buffer): string {
  return (JSON.parse(file.toString()) as Bundle).envelope.payload;
}

describe('other judges', () => {
  test.skipIf(missing('openssl'))(verifies('PROOF-03', 'openssl accepts the signature and refuses another'), () => {
    const { envelope } = deployBundle;
    const key = join(folder, 'key.pem');
    const sig = join(folder, 'sig');
    const signed = join(folder, 'signed');
    writeFileSync(key, INSTALLATION.publicKeyPem);
    writeFileSync(sig, Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'));
    writeFileSync(signed, preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64')));
    const judge = () =>
      spawnSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-sigfile', sig, '-in', signed]);
    expect(judge().status).toBe(0);
    writeFileSync(signed, 'something else');
    expect(judge().status).not.toBe(0);
  });

  test(verifies('PROOF-03', 'sigstore accepts the envelope and refuses another'), () => {
    const key = { publicKey: createPublicKey(INSTALLATION.publicKeyPem), validFor: () => true };
    const none = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
    const judge = new Verifier(
      toTrustMaterial(none as never, () => key),
      { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
    );
    expect(() => judge.verify(sigstoreEntity(deployBundle))).not.toThrow();
    expect(() => judge.verify(sigstoreEntity(slipIn(deployBundle, rolledBack)))).toThrow(
      'signature verification failed',
    );
  });

  test.skipIf(missing('python3') || tooOldPython())(
    verifies('PROOF-04', 'a second implementation agrees on every bundle'),
    () => {
      const bundles = [
        ...samples.map(([, , bundle]) => bundle),
        ...tamperedVectors().map(({ bundle }) => bundle),
        ...samples.flatMap(([, statement, bundle]) =>
          clumsy(statement).map((t) => signAs(ATTACKER, bundle, t.statement)),
        ),
        ...liesAbout(deploy).map((t) => signAs(ATTACKER, bundleOf(deploy), t.statement)),
      ];
      for (const pinned of [undefined, INSTALLATION.publicKeyPem]) {
        const theirs = secondOpinion(bundles, pinned);
        for (const [i, bundle] of bundles.entries()) {
          const ours = check(bundle, pinned);
          const their = theirs[i] as SecondOpinion;
          expect(their.ok, JSON.stringify(their)).toBe(ours.ok);
          if (!their.ok) expect(ours.checks).toContainEqual(expect.objectContaining({ name: their.check, ok: false }));
          if (typeof their.seq === 'number') expect(their.seq).toBe(ours.firstBroken?.seq);
        }
      }
    },
  );
});

function sigstoreEntity({ envelope }: Bundle): ReturnType<typeof toSignedEntity> {
  const [signature] = envelope.signatures;
  const dsseEnvelope = {
    payloadType: envelope.payloadType,
    payload: Buffer.from(envelope.payload, 'base64'),
    signatures: [{ keyid: signature?.keyid ?? '', sig: Buffer.from(signature?.sig ?? '', 'base64') }],
  };
  const content = { $case: 'publicKey', publicKey: { hint: signature?.keyid ?? '' } };
  const bundle = {
    content: { $case: 'dsseEnvelope', dsseEnvelope },
    verificationMaterial: { content, tlogEntries: [] },
  };
  return toSignedEntity(bundle as unknown as Parameters<typeof toSignedEntity>[0]);
}

interface SecondOpinion {
  readonly ok: boolean;
  readonly check?: string;
  readonly seq?: number | null;
}

function secondOpinion(bundles: readonly Bundle[], pinned: string | undefined): SecondOpinion[] {
  const files = bundles.map((bundle, i) => {
    const file = join(folder, `${i}.json`);
    writeFileSync(file, bytes(bundle));
    return file;
  });
  const key = join(folder, 'pinned.pem');
  writeFileSync(key, pinned ?? '');
  const args = ['docs/verify_proof.py', ...(pinned === undefined ? [] : ['--key', key]), ...files];
  const { stdout } = spawnSync('python3', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SecondOpinion);
}

function tooOldPython(): boolean {
  const answer = execFileSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 8))'], { encoding: 'utf8' });
  if (answer.trim() === 'True') return false;
  process.stderr.write('skipped: the second implementation of the proof format; needs python3 3.8 or later\n');
  return true;
}

describe('docs/proof-format.md', () => {
  test('shows the values that the vectors hold', () => {
    const text = readFileSync('docs/proof-format.md', 'utf8');
    const { genesis, preAuthEncoding: pae, keyid, next } = formatVectors();
    for (const shown of [genesis.hashed, genesis.record.hash, next.hash, pae, keyid]) expect(text).toContain(shown);
  });
});
