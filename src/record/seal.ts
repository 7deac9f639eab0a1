import type { ChainRecord } from '#ir/proof.js';
import { VERDICT_WORDS } from '#ir/verdict.js';
import { OpsroomError } from '#kit/errors.js';
import { proveInclusion } from './audit.js';
import { link } from './chain.js';
import type { SigningKey } from './dsse.js';
import { type Bundle, buildStatement, bundleFile, evidenceIn, type RunFacts, signStatement } from './statement.js';
import * as store from './store.js';

/** How much evidence a bundle holds; the rest is listed by digest. */
const EVIDENCE_CAP = 16 * 1024 * 1024;
const ENDED: readonly string[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];

export interface SealDeps {
  readonly key: SigningKey;
  /** Opsroom's own version. */
  readonly version: string;
  readonly now: () => Date;
  readonly evidenceCap?: number;
}

export interface Sealed {
  readonly n: number;
  readonly head: string;
  /** False when nothing had been added since the last bundle. */
  readonly fresh: boolean;
}

/**
 * Seals a run that has ended: closes its chain, signs the bundle and writes its head into the audit tree. To be called in a
 * transaction, which the caller commits. Idempotent: whoever finds an ended run without a bundle may call it, several at once.
 * @throws OpsroomError NOT_FOUND; NOT_ALLOWED_NOW while the run goes on.
 */
export async function sealRun(tx: store.Sql, org: string, runId: string, deps: SealDeps): Promise<Sealed> {
  const run = await store.lockRun(tx, org, runId);
  if (run === undefined) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: runId });
  if (!ENDED.includes(run.status)) {
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: `A run that is ${run.status} cannot be sealed.`, where: runId });
  }
  const chain = await closedChain(tx, org, run, deps.now());
  const head = chain.at(-1) as ChainRecord;
  const last = await store.latestBundle(tx, org, runId);
  if (last?.head === head.hash) return { n: last.n, head: last.head, fresh: false };
  const envelope = signStatement(await statementOf(tx, { org, run, chain, deps }), deps.key);
  const n = (last?.n ?? 0) + 1;
  const sealedAt = deps.now();
  await store.rememberKey(tx, org, deps.key);
  const entry = await store.appendAudit(tx, {
    org,
    at: sealedAt.toISOString(),
    kind: 'run.sealed',
    actor: 'opsroom',
    data: { run: runId, n, head: head.hash, seq: head.seq, status: run.status, keyid: deps.key.keyid },
  });
  const bundle = {
    n,
    envelope,
    keyid: deps.key.keyid,
    head_seq: head.seq,
    head: head.hash,
    audit_seq: entry.seq,
    sealed_at: sealedAt,
  };
  await store.insertBundle(tx, org, runId, bundle);
  return { n, head: head.hash, fresh: true };
}

/** The chain, with an `end` for the run's status appended when whoever ended the run did not come to it. */
async function closedChain(tx: store.Sql, org: string, run: store.SealableRun, now: Date): Promise<ChainRecord[]> {
  const chain = await store.readChain(tx, org, run.id);
  const last = chain.at(-1);
  if (last === undefined)
    throw new OpsroomError('INTERNAL', { what: 'A run that has ended has no chain.', where: run.id });
  if (last.body.type === 'end' && last.body.status === run.status) return chain;
  const status = run.status as RunFacts['status'];
  const end = link(last, run.id, now, { type: 'end', status, word: run.word ?? modestWord(status) });
  await store.appendProof(tx, org, end);
  return [...chain, end];
}

/** What may be said of a run about which nothing was said: never more than that it ended. */
const modestWord = (status: RunFacts['status']): string =>
  status === 'succeeded' ? VERDICT_WORDS[2] : VERDICT_WORDS[3];

interface Sealing {
  readonly org: string;
  readonly run: store.SealableRun;
  readonly chain: readonly ChainRecord[];
  readonly deps: SealDeps;
}

async function statementOf(tx: store.Sql, { org, run, chain, deps }: Sealing) {
  const end = chain.at(-1)?.body;
  return buildStatement({
    run: {
      id: run.id,
      status: run.status as RunFacts['status'],
      word: end?.type === 'end' ? end.word : modestWord('failed'),
      startedAt: run.started_at?.toISOString() ?? null,
      endedAt: (run.ended_at ?? deps.now()).toISOString(),
      requestedBy: run.requested_by,
      target: run.target,
    },
    planDigest: run.plan_digest,
    plan: run.plan,
    chain,
    evidence: await store.readEvidence(tx, org, [...evidenceIn(chain).keys()]),
    version: deps.version,
    evidenceCap: deps.evidenceCap ?? EVIDENCE_CAP,
  });
}

/**
 * The latest bundle of a run as a file to hand on, with the proof that its head stands in the audit tree as it is now.
 * @throws OpsroomError NOT_FOUND when the run has not been sealed.
 */
export async function exportBundle(
  sql: store.Sql,
  org: string,
  runId: string,
  deps: Pick<SealDeps, 'key' | 'now'>,
): Promise<Bundle> {
  const sealed = await store.latestBundle(sql, org, runId);
  const publicKey = sealed && (await store.publicKeyOf(sql, org, sealed.keyid));
  if (sealed === undefined || publicKey === undefined) {
    throw new OpsroomError('NOT_FOUND', { what: 'The run has not been sealed.', where: runId });
  }
  const entry = await store.readAuditEntry(sql, org, sealed.audit_seq);
  // A tree head signed with a newer key than the bundle's could not be checked with the enclosed one.
  if (entry === undefined || sealed.keyid !== deps.key.keyid) return bundleFile(sealed.envelope, publicKey);
  const at = deps.now().toISOString();
  return bundleFile(
    sealed.envelope,
    publicKey,
    proveInclusion(entry, await store.readLeaves(sql, org), { key: deps.key, at }),
  );
}
