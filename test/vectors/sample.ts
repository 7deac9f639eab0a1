import { createHash, createPrivateKey } from 'node:crypto';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { type ChainRecord, NO_PREVIOUS, type ProofBody } from '#ir/proof.js';
import { auditLeaf, proveInclusion } from '../../src/record/audit.js';
import { link } from '../../src/record/chain.js';
import { type SigningKey, signingKey } from '../../src/record/dsse.js';
import { leafHash } from '../../src/record/merkle.js';
import {
  type Bundle,
  buildStatement,
  bundleFile,
  type RunFacts,
  type Statement,
  signStatement,
} from '../../src/record/statement.js';

type Body<T extends ProofBody['type']> = Extract<ProofBody, { type: T }>;

/** A private key from a word: known to everybody, for vectors only. */
export function keyFrom(word: string): SigningKey {
  const seed = createHash('sha256').update(`opsroom test vector: ${word}`).digest();
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return signingKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
}

export const INSTALLATION = keyFrom('installation');
export const ATTACKER = keyFrom('attacker');

/** A second for each record, from a fixed time on. */
const time = (n: number): Date => new Date(Date.UTC(2026, 0, 2, 3, 4, n));

/** With its members in the order in which the specification names them; their order says nothing, but vectors are compared as text. */
export function recordAfter(prev: ChainRecord | undefined, run: string, at: Date, body: ProofBody): ChainRecord {
  const { seq, hash } = link(prev, run, at, body);
  return { v: 1, run, seq, at: at.toISOString(), prev: prev?.hash ?? NO_PREVIOUS, body, hash };
}

export function chainOf(runId: string, bodies: readonly ProofBody[]): ChainRecord[] {
  const chain: ChainRecord[] = [];
  for (const [n, body] of bodies.entries()) chain.push(recordAfter(chain.at(-1), runId, time(n), body));
  return chain;
}

export interface Sample {
  readonly run: RunFacts;
  readonly plan: JsonObject;
  readonly bodies: readonly ProofBody[];
  readonly evidence: readonly JsonValue[];
}

export function statementOf({ run, plan, evidence }: Sample, chain: readonly ChainRecord[]): Statement {
  return buildStatement({
    run,
    planDigest: jsonDigest(plan),
    plan,
    chain,
    evidence: new Map(evidence.map((value) => [jsonDigest(value), value])),
    version: '1.0.0',
    evidenceCap: 1 << 20,
  });
}

/** Signs, and says where in a tree of five the sealed head stands. */
export function bundleOf(statement: Statement, key: SigningKey = INSTALLATION): Bundle {
  return bundleFile(signStatement(statement, key), key.publicKeyPem);
}

export function withInclusion(bundle: Bundle, { predicate }: Statement, key: SigningKey = INSTALLATION): Bundle {
  const data = {
    run: predicate.run.id,
    n: 1,
    head: predicate.head.hash,
    seq: predicate.head.seq,
    status: predicate.run.status,
    keyid: key.keyid,
  };
  const entry = {
    org: '00000000-0000-7000-8000-000000000001',
    seq: 2,
    at: time(50).toISOString(),
    kind: 'run.sealed',
    actor: 'opsroom',
    data,
  };
  const leaves = ['a', 'b', 'c', 'd', 'e'].map((word) => leafHash(word)).with(2, auditLeaf(entry));
  return { ...bundle, inclusion: proveInclusion(entry, leaves, { key, at: time(55).toISOString() }) };
}

const target = { environment: 'staging', app: 'shop' };
const run = (id: string, status: RunFacts['status'], word: string): RunFacts => ({
  id,
  status,
  word,
  startedAt: time(0).toISOString(),
  endedAt: time(40).toISOString(),
  requestedBy: 'user:ada',
  target,
});

/** Numbers and keys on which implementations of RFC 8785 differ. */
const AWKWARD: JsonValue = {
  '\u20ac': 'Euro Sign',
  '\r': 'Carriage Return',
  '\ufb33': 'Hebrew Letter Dalet With Dagesh',
  '1': 'One',
  '\ud83d\ude00': 'Emoji: Grinning Face',
  '\u0080': 'Control',
  '\u00f6': 'Latin Small Letter O With Diaeresis',
  numbers: [
    333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 5e-324, -0, 0.1, -1.5,
    1.7976931348623157e308, 9007199254740992,
  ],
  text: '\u20ac$\u000f\nA\'B"\\\\"/\u007f\u2028',
};

const DIST: JsonValue = { path: 'dist/index.html', exists: true, size: 5120 };
const NO_DIST: JsonValue = { path: 'dist/index.html', exists: false };
const UP: JsonValue = { status: 200, ms: 12.75 };
const REF: JsonValue = { status: 200, body: { ref: 'v1.2.0' } };
const DOWN: JsonValue = { status: 503 };

const verifier = (id: string, kind: string) => ({ id, kind, config: {}, required: true });
export const planStep = (id: string, verifiers: JsonValue[], more: JsonObject = {}): JsonObject => ({
  id,
  title: id,
  kind: 'tool',
  tool: 'shell',
  action: 'run',
  args: { run: 'true' },
  verifiers,
  retryPolicy: { maxAttempts: 2, backoffMs: 500, backoffMultiplier: 1.5 },
  ...more,
});

const at = (id: string, item = -1, attempt = 1) => ({ step: id, item, revision: 0, attempt });

/** Records and steps with everything in them that a test does not care about. */
export function genesis(plan: JsonObject): ProofBody {
  const approvals = [{ by: 'user:grace', at: time(0).toISOString(), policy: 'two-eyes' }];
  const digests = {
    planDigest: jsonDigest(plan),
    inputsDigest: jsonDigest({ ref: 'v1.2.0' }),
    targetDigest: jsonDigest(target),
  };
  return { type: 'genesis', ...digests, requestedBy: 'user:ada', approvals };
}

export function step(id: string, word: string, more: Partial<Body<'step'>> = {}): ProofBody {
  const times = { startedAt: time(1).toISOString(), endedAt: time(2).toISOString() };
  return {
    type: 'step',
    ...at(id),
    outcome: 'done',
    word,
    ...times,
    isolation: 'bubblewrap',
    outputDigest: jsonDigest({ exitCode: 0 }),
    ...more,
  };
}

export function verdict(id: string, check: string, kind: string, more: Partial<Body<'verdict'>>): ProofBody {
  const base = {
    required: true,
    baseline: { state: 'unknown' as const },
    passed: true,
    proven: false,
    basis: 'none' as const,
  };
  return { type: 'verdict', ...at(id), verifier: check, kind, ...base, evidence: jsonDigest(UP), ...more };
}

const deployPlan: JsonObject = {
  apiVersion: 'opsroom/v1',
  title: 'Deploy the shop',
  steps: [
    planStep('build', [verifier('dist', 'file')], { artefacts: [{ name: 'page', path: 'dist/index.html' }] }),
    planStep('cache', [verifier('up', 'http')]),
    planStep('notes', []),
    planStep('fan', [verifier('ref', 'http')], { forEach: { items: ['eu', 'us'], limit: 2 } }),
    planStep('mail', [verifier('sent', 'http')], { if: 'false' }),
  ],
};

const REF_SEEN = {
  passed: true,
  proven: true,
  basis: 'names-effect',
  baseline: { state: 'passed', evidence: jsonDigest(REF) },
  evidence: jsonDigest(REF),
} as const;

/** Every word that a step can have, a retry, a fan-out, a skipped step, a signal, an artefact. */
export const DEPLOY: Sample = {
  plan: deployPlan,
  run: run('019b7d00-0000-7000-8000-000000000001', 'succeeded', 'exit code only'),
  evidence: [DIST, NO_DIST, UP, REF, AWKWARD],
  bodies: [
    genesis(deployPlan),
    step('build', 'failed', { outcome: 'failed', error: 'STEP_FAILED' }),
    verdict('build', 'dist', 'file', {
      ...at('build', -1, 2),
      proven: true,
      basis: 'failed-before',
      baseline: { state: 'failed', evidence: jsonDigest(NO_DIST) },
      evidence: jsonDigest(DIST),
    }),
    step('build', 'proven', {
      ...at('build', -1, 2),
      logDigest: jsonDigest('log'),
      artefacts: [{ name: 'page', sha256: jsonDigest('page'), size: 5120 }],
    }),
    { type: 'signal', kind: 'pause', by: 'user:grace', reason: 'lunch' },
    { type: 'signal', kind: 'resume', by: 'user:grace', reason: 'back' },
    verdict('cache', 'up', 'http', { baseline: { state: 'passed', evidence: jsonDigest(AWKWARD) } }),
    step('cache', 'holds, not proven by this step'),
    step('notes', 'exit code only'),
    verdict('fan', 'ref', 'http', { ...at('fan', 0), ...REF_SEEN }),
    step('fan', 'proven', at('fan', 0)),
    verdict('fan', 'ref', 'http', { ...at('fan', 1), ...REF_SEEN }),
    step('fan', 'proven', at('fan', 1)),
    step('fan', 'proven'),
    step('mail', 'skipped', { outcome: 'skipped' }),
    { type: 'end', status: 'succeeded', word: 'exit code only' },
  ],
};

const releasePlan: JsonObject = {
  apiVersion: 'opsroom/v1',
  title: 'Release',
  steps: [planStep('release', [verifier('live', 'http')], { rollback: [planStep('back', [verifier('old', 'http')])] })],
};

/** Ended twice: it failed, and later a person had it rolled back. */
export const ROLLED_BACK: Sample = {
  plan: releasePlan,
  run: run('019b7d00-0000-7000-8000-000000000002', 'rolled_back', 'failed'),
  evidence: [DOWN, UP],
  bodies: [
    genesis(releasePlan),
    verdict('release', 'live', 'http', {
      passed: false,
      baseline: { state: 'failed', evidence: jsonDigest(DOWN) },
      evidence: jsonDigest(DOWN),
    }),
    step('release', 'failed', { outcome: 'failed' }),
    { type: 'end', status: 'failed', word: 'failed' },
    { type: 'signal', kind: 'rollback', by: 'user:ada', reason: 'go back' },
    verdict('release/back', 'old', 'http', {
      proven: true,
      basis: 'failed-before',
      baseline: { state: 'failed', evidence: jsonDigest(DOWN) },
    }),
    step('release/back', 'proven'),
    { type: 'end', status: 'rolled_back', word: 'failed' },
  ],
};
