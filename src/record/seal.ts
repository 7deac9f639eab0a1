import { canonicalJson, sha256 } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ChainLink, ChainRecord } from '#ir/proof.js';
import { VERDICT_WORDS } from '#ir/verdict.js';
import { OpsroomError } from '#kit/errors.js';
import { auditText } from './audit.js';
import { entryAt } from './audit-store.js';
import { openTree, proveEntry } from './audit-tree.js';
import { link, recordOf } from './chain.js';
import type { SigningKey } from './dsse.js';
import { PlanTexts } from './plan-texts.js';
import * as store from './seal-store.js';
import { type Bundle, buildStatement, bundleFile, evidenceIn, type RunFacts, signTexts } from './statement.js';
import { readEvidence, type Sql } from './store.js';

/** How much evidence a bundle holds; the rest is listed by digest. */
const EVIDENCE_CAP = 16 * 1024 * 1024;
const MOST_ROUNDS = 10;
const ENDED: readonly string[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];

export interface SealDeps {
  readonly key: SigningKey;
  /** Opsroom's own version. */
  readonly version: string;
  readonly now: () => Date;
  readonly evidenceCap?: number;
  /** Kept from one call to the next by who seals often. */
  readonly plans?: PlanTexts;
}

export interface Sealed {
  readonly n: number;
  readonly head: string;
  /** False when nothing had been added since the last bundle. */
  readonly fresh: boolean;
}

/**
 * Seals a run that has ended: closes its chain, signs the bundle and writes its head into the audit tree. Idempotent: whoever
 * finds an ended run without a bundle may call it, several at once.
 * @throws OpsroomError NOT_FOUND; NOT_ALLOWED_NOW while the run goes on.
 */
export async function sealRun(sql: Sql, org: string, runId: string, deps: SealDeps): Promise<Sealed> {
  const sealed = await sealRuns(sql, org, [runId], deps);
  return sealed.get(runId) as Sealed;
}

/**
 * Seals several runs of one organisation at the cost of one. What was read is signed without a lock on it, and written only
 * where it still is so; what has changed meanwhile is read again.
 * @throws as `sealRun`, for the first run that cannot be sealed; the others are not sealed then
 */
export async function sealRuns(
  sql: Sql,
  org: string,
  runIds: readonly string[],
  deps: SealDeps,
): Promise<ReadonlyMap<string, Sealed>> {
  const sealed = new Map<string, Sealed>();
  let left = runIds;
  for (let round = 0; left.length > 0; round++) {
    if (round === MOST_ROUNDS) throw restless(left);
    const runs = await store.readSealable(sql, org, left);
    for (const id of left) mustBeSealable(runs.get(id), id);
    const now = deps.now();
    const closed = [...runs.values()].map((run) => closedChain(run, now));
    const open = closed.filter(({ run, head }) => run.last_head !== head.hash);
    const written = open.length > 0 ? await write(sql, org, open, deps) : new Set<Closed>();
    for (const one of closed) {
      const fresh = open.includes(one);
      if (fresh && !written.has(one)) continue;
      sealed.set(one.run.id, { n: (one.run.last_n ?? 0) + Number(fresh), head: one.head.hash, fresh });
    }
    left = left.filter((id) => !sealed.has(id));
  }
  return sealed;
}

/** Nobody writes so often to a run that has ended: what it stores contradicts itself. */
const restless = (runs: readonly string[]): OpsroomError =>
  new OpsroomError('INTERNAL', { what: 'The chain of a run changed each time it was sealed.', where: runs.join(', ') });

function mustBeSealable(run: store.SealableRun | undefined, id: string): void {
  if (run === undefined) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: id });
  if (!ENDED.includes(run.status)) {
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: `A run that is ${run.status} cannot be sealed.`, where: id });
  }
}

interface Closed {
  readonly run: store.SealableRun;
  /** All records, and the canonical text of each. */
  readonly chain: readonly ChainRecord[];
  readonly texts: readonly string[];
  readonly head: ChainRecord;
  /** The record that was missing, if one was. */
  readonly added: ChainLink | undefined;
}

/** The chain, with an `end` for the run's status appended when whoever ended the run did not come to it. */
function closedChain(run: store.SealableRun, now: Date): Closed {
  const stored = run.chain?.split('\n') ?? [];
  const chain = stored.map((text) => recordOf({ text }));
  const texts = stored.map((text, n) => canonicalText(text, chain[n] as ChainRecord));
  const end = chain.at(-1);
  if (end === undefined)
    throw new OpsroomError('INTERNAL', { what: 'A run that has ended has no chain.', where: run.id });
  if (end.body.type === 'end' && end.body.status === run.status)
    return { run, chain, texts, head: end, added: undefined };
  const status = run.status as RunFacts['status'];
  const added = link(end, run.id, now, { type: 'end', status, word: run.word ?? modestWord(status) });
  const head = recordOf(added);
  return { run, chain: [...chain, head], texts: [...texts, added.text], head, added };
}

/**
 * The canonical text of a stored record: what is stored, when it is what was hashed. Records of before migration 36 have their
 * members in another order, and spaces between them.
 */
function canonicalText(text: string, record: ChainRecord): string {
  const open = text.replace(`"hash":"${record.hash}",`, '');
  return sha256(open) === record.hash ? text : canonicalJson(record as unknown as JsonObject);
}

/** @returns those that were written */
async function write(sql: Sql, org: string, open: readonly Closed[], deps: SealDeps): Promise<Set<Closed>> {
  const digests = new Set(open.flatMap(({ chain }) => [...evidenceIn(chain).keys()]));
  const evidence = digests.size > 0 ? await readEvidence(sql, org, [...digests]) : new Map<string, JsonValue>();
  const plans = deps.plans ?? new PlanTexts();
  const at = deps.now();
  const seals = await Promise.all(
    open.map(async (closed): Promise<store.NewSeal> => {
      const { run, texts, head, added } = closed;
      const { text: plan, body } = await plans.get(`${org}/${run.plan_digest}`, () => planOf(sql, org, run));
      const statement = statementOf(closed, { plan: body, evidence }, deps);
      const envelope = await signTexts(statement, { chain: texts, plan }, deps.key);
      const n = (run.last_n ?? 0) + 1;
      const { seq, hash } = head;
      const data = { run: run.id, n, head: hash, seq, status: run.status, keyid: deps.key.keyid };
      return {
        run: run.id,
        n,
        read: added ? seq - 1 : seq,
        head: { seq, hash },
        end: added?.text,
        envelope: JSON.stringify(envelope),
        entry: auditText(org, { at: at.toISOString(), kind: 'run.sealed', actor: 'opsroom', data }),
      };
    }),
  );
  const written = await store.writeSeals(sql, org, { key: deps.key, at, seals });
  return new Set(open.filter((_, place) => written.has(place)));
}

/** What may be said of a run about which nothing was said: never more than that it ended. */
const modestWord = (status: RunFacts['status']): string =>
  status === 'succeeded' ? VERDICT_WORDS[2] : VERDICT_WORDS[3];

async function planOf(sql: Sql, org: string, run: store.SealableRun): Promise<JsonObject> {
  const plan = await store.readPlan(sql, org, run.plan_digest);
  if (plan) return plan;
  throw new OpsroomError('INTERNAL', { what: 'The plan of a run that has ended is missing.', where: run.id });
}

interface Said {
  readonly plan: JsonObject;
  /** Whatever of the chain's evidence is at hand, by digest. */
  readonly evidence: ReadonlyMap<string, JsonValue>;
}

function statementOf({ run, chain, head }: Closed, { plan, evidence }: Said, deps: SealDeps) {
  const end = head.body;
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
    plan,
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
  sql: Sql,
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
