import { canonicalJson, jsonDigest, sha256 } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import { type ChainLink, type ChainRecord, chainRecordSchema, NO_PREVIOUS, type ProofBody } from '#ir/proof.js';

/** The last link of a chain: what the next one is tied to. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export type ChainProblem =
  | 'malformed'
  | 'altered'
  | 'dropped'
  | 'reordered'
  | 'truncated'
  | 'wrong run'
  | 'first is not genesis'
  | 'second genesis';

/** `seq` is the number that the broken record has, or, when it is missing, should have had. */
export type ChainReport =
  | { readonly ok: true; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly problem: ChainProblem };

/** The hash of a record: SHA-256, hex, over the RFC 8785 form of everything in it but `hash`. */
export function recordHash({ v, run, seq, at, prev, body }: Omit<ChainRecord, 'hash'>): string {
  return jsonDigest({ v, run, seq, at, prev, body: body as JsonValue });
}

/**
 * The record that follows `prev` (undefined: the first one). Pure; the body is taken as it is. Written as text at once, its
 * members in their order by hand: every step is hashed several times, and what was hashed is stored and sealed as it stands.
 */
export function link(prev: ChainHead | undefined, runId: string, at: Date, body: ProofBody): ChainLink {
  const seq = prev === undefined ? 0 : prev.seq + 1;
  const before = `{"at":"${at.toISOString()}","body":${canonicalJson(body as JsonValue)}`;
  const after = `,"prev":"${prev?.hash ?? NO_PREVIOUS}","run":${JSON.stringify(runId)},"seq":${seq},"v":1}`;
  const hash = sha256(before + after);
  return { seq, hash, text: `${before},"hash":"${hash}"${after}` };
}

/** The record that a link is the text of. */
export const recordOf = ({ text }: Pick<ChainLink, 'text'>): ChainRecord => JSON.parse(text) as ChainRecord;

/**
 * Checks a chain and names the first broken record and how it is broken. `end: 'optional'` accepts the chain of a run that
 * goes on; `run` is the run that the records must be of (default: that of the first). A chain rewritten and hashed anew from some record to its end passes here: only a signature or the audit tree
 * can tell (docs/proof-format.md, "What it proves").
 */
export function verifyChain(
  records: readonly unknown[],
  { end = 'required', run }: { readonly end?: 'required' | 'optional'; readonly run?: string } = {},
): ChainReport {
  let head: ChainHead | undefined;
  for (let seq = 0; seq < records.length; seq++) {
    const record = wellFormed(records[seq]);
    if (record === undefined) return { ok: false, seq, problem: 'malformed' };
    if (run !== undefined && record.run !== run) return { ok: false, seq, problem: 'wrong run' };
    const broken = brokenAt(seq, record, head, records);
    if (broken !== undefined) return { ok: false, ...broken };
    head = record;
  }
  if (head === undefined || (end === 'required' && wellFormed(records.at(-1))?.body.type !== 'end')) {
    return { ok: false, seq: records.length, problem: 'truncated' };
  }
  return { ok: true, head: { seq: head.seq, hash: head.hash } };
}

/** The record itself and not zod's copy, which would leave out keys such as `__proto__` and so change the hash. */
function wellFormed(value: unknown): ChainRecord | undefined {
  return chainRecordSchema.safeParse(value).success ? (value as ChainRecord) : undefined;
}

function brokenAt(
  seq: number,
  record: ChainRecord,
  head: ChainHead | undefined,
  records: readonly unknown[],
): { seq: number; problem: ChainProblem } | undefined {
  if (recordHash(record) !== record.hash) return { seq, problem: 'altered' };
  if (record.run !== (records[0] as ChainRecord).run) return { seq, problem: 'wrong run' };
  if (record.seq !== seq) return { seq, problem: hasSeq(records, seq) || record.seq < seq ? 'reordered' : 'dropped' };
  if (record.prev !== (head?.hash ?? NO_PREVIOUS)) return { seq: unlinkedCulprit(record, records), problem: 'altered' };
  if ((record.body.type === 'genesis') !== (seq === 0)) {
    return { seq, problem: seq === 0 ? 'first is not genesis' : 'second genesis' };
  }
  return undefined;
}

function hasSeq(records: readonly unknown[], seq: number): boolean {
  return records.some((other) => wellFormed(other)?.seq === seq);
}

/**
 * `record` does not follow the one before it. When the next one vouches for `record` (or there is no next), the one before
 * was altered and hashed anew; otherwise `record` was.
 */
function unlinkedCulprit(record: ChainRecord, records: readonly unknown[]): number {
  const next = wellFormed(records[record.seq + 1]);
  const vouched = next === undefined || next.prev === record.hash;
  return vouched && record.seq > 0 ? record.seq - 1 : record.seq;
}
