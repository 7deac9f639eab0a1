import type { JsonValue } from '#ir/json.js';
import type { ChainRecord } from '#ir/proof.js';
import { VERDICT_WORDS } from '#ir/verdict.js';
import { OpsroomError } from '#kit/errors.js';
import { entryAt } from './audit-store.js';
import { openTree, proveEntry } from './audit-tree.js';
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
  const sealed = await sealRuns(tx, org, [runId], deps);
  return sealed.get(runId) as Sealed;
}

/**
 * Seals several runs of one organisation at the cost of one: appends to the audit tree wait for each other until the
 * transaction ends, so runs that end together are best sealed together. All or none.
 * @throws as `sealRun`, for the first run that cannot be sealed
 */
export async function sealRuns(
  tx: store.Sql,
  org: string,
  runIds: readonly string[],
  deps: SealDeps,
): Promise<ReadonlyMap<string, Sealed>> {
  const runs = await store.lockRuns(tx, org, runIds);
  for (const id of runIds) mustBeSealable(runs.get(id), id);
  // Read after the locks were taken, in a statement of its own: whoever was waited for may have sealed.
  const chains = await store.readChains(tx, org, runIds);
  const now = deps.now();
  const closed = [...runs.values()].map((run) => closedChain(run, chains.get(run.id), now));
  const open = closed.filter(({ chain, last }) => last?.head !== headOf(chain).hash);
  if (open.length > 0) await write(tx, org, open, deps);
  const ns = closed.map((one): [string, Sealed] => {
    const fresh = open.includes(one);
    return [one.run.id, { n: (one.last?.n ?? 0) + Number(fresh), head: headOf(one.chain).hash, fresh }];
  });
  return new Map(ns);
}

function mustBeSealable(run: store.SealableRun | undefined, id: string): void {
  if (run === undefined) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: id });
  if (!ENDED.includes(run.status)) {
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: `A run that is ${run.status} cannot be sealed.`, where: id });
  }
}

const headOf = (chain: readonly ChainRecord[]): ChainRecord => chain.at(-1) as ChainRecord;

interface Closed {
  readonly run: store.SealableRun;
  readonly chain: readonly ChainRecord[];
  /** The record that was missing, if one was. */
  readonly added: ChainRecord | undefined;
  readonly last: store.StoredChain['last'];
}

/** The chain, with an `end` for the run's status appended when whoever ended the run did not come to it. */
function closedChain(run: store.SealableRun, stored: store.StoredChain | undefined, now: Date): Closed {
  const { chain = [], last } = stored ?? {};
  const end = chain.at(-1);
  if (end === undefined)
    throw new OpsroomError('INTERNAL', { what: 'A run that has ended has no chain.', where: run.id });
  if (end.body.type === 'end' && end.body.status === run.status) return { run, chain, added: undefined, last };
  const status = run.status as RunFacts['status'];
  const added = link(end, run.id, now, { type: 'end', status, word: run.word ?? modestWord(status) });
  return { run, chain: [...chain, added], added, last };
}

/** Signs first: from the first append on, others wait. */
async function write(tx: store.Sql, org: string, open: readonly Closed[], deps: SealDeps): Promise<void> {
  const digests = open.flatMap(({ chain }) => [...evidenceIn(chain).keys()]);
  const evidence = await store.readEvidence(tx, org, [...new Set(digests)]);
  const sealedAt = deps.now();
  const bundles = open.map(({ run, chain, last }) => ({
    run: run.id,
    status: run.status,
    n: (last?.n ?? 0) + 1,
    envelope: signStatement(statementOf(run, chain, evidence, deps), deps.key),
    head: headOf(chain),
  }));
  await store.appendProofs(
    tx,
    org,
    open.flatMap(({ added }) => added ?? []),
  );
  await store.rememberKey(tx, org, deps.key);
  const { keyid } = deps.key;
  const entries = await store.appendAudit(
    tx,
    org,
    bundles.map(({ run, status, n, head }) => ({
      at: sealedAt.toISOString(),
      kind: 'run.sealed',
      actor: 'opsroom',
      data: { run, n, head: head.hash, seq: head.seq, status, keyid },
    })),
  );
  const rows = bundles.map(({ run, n, envelope, head }, i) => {
    const audit_seq = entries[i]?.seq as number;
    return { run, n, envelope, keyid, head_seq: head.seq, head: head.hash, audit_seq, sealed_at: sealedAt };
  });
  await store.insertBundles(tx, org, rows);
}

/** What may be said of a run about which nothing was said: never more than that it ended. */
const modestWord = (status: RunFacts['status']): string =>
  status === 'succeeded' ? VERDICT_WORDS[2] : VERDICT_WORDS[3];

function statementOf(
  run: store.SealableRun,
  chain: readonly ChainRecord[],
  evidence: ReadonlyMap<string, JsonValue>,
  deps: SealDeps,
) {
  const end = headOf(chain).body;
  return buildStatement({
    run: {
      id: run.id,
      status: run.status as RunFacts['status'],
      word: end.type === 'end' ? end.word : modestWord('failed'),
      startedAt: run.started_at?.toISOString() ?? null,
      endedAt: (run.ended_at ?? deps.now()).toISOString(),
      requestedBy: run.requested_by,
      target: run.target,
    },
    planDigest: run.plan_digest,
    plan: run.plan,
    chain,
    evidence,
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
  const found = await entryAt(sql, org, sealed.audit_seq);
  // An entry that was rotated is in the file of its segment. A tree head signed with a newer key than the bundle's could not be checked with the enclosed one.
  if (found === undefined || sealed.keyid !== deps.key.keyid) return bundleFile(sealed.envelope, publicKey);
  const at = deps.now().toISOString();
  const tree = await openTree((look) => look(sql), org);
  return bundleFile(sealed.envelope, publicKey, await proveEntry(tree, found.entry, { key: deps.key, at }));
}
