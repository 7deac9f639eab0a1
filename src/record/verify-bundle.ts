import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { type ProvenApproval, readApprovals } from '#ir/approval.js';
import { jsonDigest } from '#ir/digest.js';
import { type ChainRecord, chainRecordSchema } from '#ir/proof.js';
import { issueWords } from '#kit/form-words.js';
import { inclusionProblem } from './audit.js';
import { type ChainHead, verifyChain } from './chain.js';
import { keyId, parsePublicKey, verifyEnvelope } from './dsse.js';
import { parseHostileJson } from './hostile-json.js';
import { firstBreach } from './rules.js';
import {
  artefactsIn,
  type Bundle,
  bundleSchema,
  evidenceIn,
  PAYLOAD_TYPE,
  type RunFacts,
  type Statement,
  statementSchema,
} from './statement.js';

/** A bundle inlines at most 16 MiB of evidence; the rest is chain and plan. */
export const MAX_BUNDLE_BYTES = 128 * 1024 * 1024;

export type CheckName =
  | 'form'
  | 'signature'
  | 'statement'
  | 'chain'
  | 'plan'
  | 'genesis'
  | 'evidence'
  | 'artefacts'
  | 'end'
  | 'words'
  | 'inclusion';

export interface BundleCheck {
  readonly name: CheckName;
  readonly ok: boolean;
  readonly problem?: string;
  /** The record at fault, where there is one. */
  readonly seq?: number;
  readonly step?: string;
}

export interface BundleReport {
  readonly ok: boolean;
  /** Those that could be made, in order; a bundle without the right form ends at the first. */
  readonly checks: readonly BundleCheck[];
  /** `pinned`: the caller named the key. `enclosed`: the key came with the file, so anybody could have signed it. */
  readonly key?: { readonly keyid: string; readonly trust: 'pinned' | 'enclosed' };
  /** What the bundle says of the run; worth something only when `ok`. */
  readonly run?: RunFacts;
  readonly planDigest?: string;
  readonly head?: { readonly seq: number; readonly hash: string };
  /** Who agreed before it ran. */
  readonly approvals?: readonly ProvenApproval[];
  /** Evidence that the bundle leaves out and so cannot be checked here. */
  readonly omitted?: number;
  readonly firstBroken?: { readonly seq: number; readonly step?: string; readonly problem: string };
}

/**
 * Checks a proof bundle offline: form, signature, chain, digests, and that every word is earned. Never throws for what the
 * bytes hold. `publicKey` (PEM, SPKI) pins the key.
 */
export function verifyBundle(bytes: Uint8Array, { publicKey }: { readonly publicKey?: string } = {}): BundleReport {
  const bundle = parse(bytes, bundleSchema);
  if ('problem' in bundle) return report([failed('form', bundle.problem)]);
  const key = parsePublicKey(publicKey ?? bundle.value.publicKey);
  if (key === undefined)
    return report([failed('form', `the ${publicKey ? 'given' : 'enclosed'} key is no Ed25519 public key`)]);
  const first = [passed('form'), signatureCheck(bundle.value, key)];
  const about = {
    key: { keyid: keyId(key), trust: publicKey === undefined ? ('enclosed' as const) : ('pinned' as const) },
  };
  const statement = parse(Buffer.from(bundle.value.envelope.payload, 'base64'), statementSchema);
  if ('problem' in statement) return report([...first, failed('statement', statement.problem)], about);
  const { predicate } = statement.value;
  const checks = [
    ...first,
    passed('statement'),
    ...statementChecks(statement.value),
    ...inclusionCheck(bundle.value, statement.value, key),
  ];
  return report(checks, {
    ...about,
    run: predicate.run,
    planDigest: predicate.planDigest,
    head: predicate.head,
    omitted: predicate.omitted.length,
    approvals: approvalsIn(predicate.chain),
  });
}

function approvalsIn([first]: readonly unknown[]): ProvenApproval[] {
  const { data } = chainRecordSchema.safeParse(first);
  return data?.body.type === 'genesis' ? readApprovals(data.body.approvals) : [];
}

/** The raw value, checked: zod's copy would drop keys such as `__proto__` and so change digests. */
function parse<T>(bytes: Uint8Array, schema: z.ZodType<T>): { value: T } | { problem: string } {
  const json = parseHostileJson(bytes, MAX_BUNDLE_BYTES);
  if ('problem' in json) return json;
  const { error } = schema.safeParse(json.value);
  const issue = error?.issues[0];
  if (issue !== undefined) return { problem: issueWords(issue.path.map(String).join('.') || 'file', issue) };
  return { value: json.value as T };
}

const passed = (name: CheckName): BundleCheck => ({ name, ok: true });
const failed = (name: CheckName, problem: string, at: { seq?: number; step?: string } = {}): BundleCheck => ({
  name,
  ok: false,
  problem,
  ...at,
});
const check = (name: CheckName, problem: string | undefined): BundleCheck =>
  problem === undefined ? passed(name) : failed(name, problem);

function report(checks: readonly BundleCheck[], about: Partial<BundleReport> = {}): BundleReport {
  const located = checks.filter((c) => c.seq !== undefined).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  // What follows from a broken chain (an end that does not fit) may lie before the break.
  const first = located.find((c) => c.name === 'chain') ?? located[0];
  const at = {
    seq: first?.seq ?? 0,
    ...(first?.step === undefined ? {} : { step: first.step }),
    problem: first?.problem ?? '',
  };
  return { ...about, ok: checks.every((c) => c.ok), checks, ...(first === undefined ? {} : { firstBroken: at }) };
}

function signatureCheck({ envelope, publicKey }: Bundle, key: KeyObject): BundleCheck {
  if (envelope.payloadType !== PAYLOAD_TYPE) return failed('signature', `the payload is "${envelope.payloadType}"`);
  if (verifyEnvelope(envelope, key)) return passed('signature');
  const enclosed = parsePublicKey(publicKey);
  const other = enclosed !== undefined && keyId(enclosed) !== keyId(key) && verifyEnvelope(envelope, enclosed);
  return failed(
    'signature',
    other ? `signed with another key (${keyId(enclosed)})` : 'the signature does not fit the content',
  );
}

function statementChecks(statement: Statement): BundleCheck[] {
  const { predicate } = statement;
  const plan = check(
    'plan',
    jsonDigest(predicate.plan) === predicate.planDigest ? undefined : 'the plan does not have its digest',
  );
  const report = verifyChain(predicate.chain, { run: predicate.run.id });
  if (!report.ok) {
    const at = { seq: report.seq, ...stepAt(predicate.chain, report.seq) };
    return [
      failed('chain', `record ${report.seq}: ${report.problem}`, at),
      plan,
      check('evidence', alteredEvidence(predicate)),
    ];
  }
  const chain = predicate.chain as ChainRecord[];
  const breach = firstBreach(chain, predicate.plan);
  return [
    headCheck(report.head, predicate.head),
    plan,
    genesisCheck(chain, predicate),
    check('evidence', alteredEvidence(predicate) ?? unfitEvidence(chain, predicate)),
    check('artefacts', subjectProblem(chain, statement)),
    endCheck(chain, predicate.run),
    breach === undefined ? passed('words') : failed('words', `record ${breach.seq}: ${breach.problem}`, breach),
  ];
}

type Predicate = Statement['predicate'];

/** An intact chain that ends elsewhere than what was sealed: cut short, carried on, or with another last record. */
function headCheck(head: ChainHead, sealed: ChainHead): BundleCheck {
  if (head.seq === sealed.seq && head.hash === sealed.hash) return passed('chain');
  const seq = head.seq === sealed.seq ? head.seq : Math.min(head.seq, sealed.seq) + 1;
  const problem = head.seq === sealed.seq ? 'altered' : head.seq < sealed.seq ? 'truncated' : 'added';
  return failed('chain', `record ${seq}: ${problem}`, { seq });
}

function stepAt(chain: readonly unknown[], seq: number): { step?: string } {
  const body = (chain[seq] as { body?: { step?: unknown } | null } | null | undefined)?.body;
  return typeof body?.step === 'string' ? { step: body.step } : {};
}

function genesisCheck([first]: readonly ChainRecord[], { planDigest, run }: Predicate): BundleCheck {
  const genesis = first?.body.type === 'genesis' ? first.body : undefined;
  if (genesis?.planDigest !== planDigest) return failed('genesis', 'the chain began from another plan', { seq: 0 });
  if (genesis.requestedBy !== run.requestedBy)
    return failed('genesis', `${genesis.requestedBy} requested it, not ${run.requestedBy}`, { seq: 0 });
  if (genesis.targetDigest !== jsonDigest(run.target))
    return failed('genesis', 'the chain began for another target', { seq: 0 });
  const { targetDigest } = genesis;
  const isForeign = (one: ProvenApproval) =>
    (one.planDigest ?? planDigest) !== planDigest || (one.targetDigest ?? targetDigest) !== targetDigest;
  const foreign = readApprovals(genesis.approvals).find(isForeign);
  return foreign
    ? failed('genesis', `what ${foreign.by} agreed to is another plan or target`, { seq: 0 })
    : passed('genesis');
}

function alteredEvidence({ evidence }: Predicate): string | undefined {
  const altered = Object.entries(evidence).find(([digest, value]) => jsonDigest(value) !== digest);
  return altered && `evidence ${altered[0]} does not have its digest`;
}

function unfitEvidence(chain: readonly ChainRecord[], { evidence, omitted }: Predicate): string | undefined {
  const named = evidenceIn(chain);
  const given = new Set([...Object.keys(evidence), ...omitted]);
  const absent = [...named].find(([digest]) => !given.has(digest));
  if (absent !== undefined) return `evidence ${absent[0]} of record ${absent[1]} is missing`;
  const foreign = [...given].find((digest) => !named.has(digest));
  return foreign && `evidence ${foreign} belongs to no record`;
}

function subjectProblem(chain: readonly ChainRecord[], { subject, predicate }: Statement): string | undefined {
  const expected = [{ name: 'plan', sha256: predicate.planDigest }, ...artefactsIn(chain)];
  const given = subject.map(({ name, digest }) => ({ name, sha256: digest.sha256 }));
  const differs = expected.find((e, i) => given[i]?.name !== e.name || given[i]?.sha256 !== e.sha256);
  if (differs !== undefined) return `subject ${differs.name} is missing or has another digest`;
  return given.length > expected.length ? `subject ${given[expected.length]?.name} is in no record` : undefined;
}

function endCheck(chain: readonly ChainRecord[], { status, word }: RunFacts): BundleCheck {
  const last = chain.at(-1);
  const end = last?.body.type === 'end' ? last.body : undefined;
  if (end?.status === status && end.word === word) return passed('end');
  return failed('end', `the run is "${status}, ${word}"; the chain ends "${end?.status}, ${end?.word}"`, {
    seq: last?.seq ?? 0,
  });
}

function inclusionCheck({ inclusion }: Bundle, { predicate }: Statement, key: KeyObject): BundleCheck[] {
  if (inclusion === undefined) return [];
  return [check('inclusion', inclusionProblem(inclusion, { run: predicate.run.id, head: predicate.head.hash }, key))];
}
