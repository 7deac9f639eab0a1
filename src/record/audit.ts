import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { type SigningKey, signEnvelope, verifyEnvelope } from './dsse.js';
import { inclusionProof, leafHash, rootHash, verifyInclusion } from './merkle.js';
import type { InclusionProof } from './statement.js';

export const TREE_HEAD_TYPE = 'application/vnd.opsroom.tree-head+json';

/** One line of the audit log. Its leaf hash is over the canonical JSON of exactly these fields. */
export interface AuditEntry extends JsonObject {
  org: string;
  /** Position in the organisation's tree, from 0, without gaps. */
  seq: number;
  at: string;
  kind: string;
  actor: string;
  data: JsonObject;
}

/** What an entry says, before it has its place. */
export type AuditFact = Pick<AuditEntry, 'at' | 'kind' | 'actor' | 'data'>;

/** The canonical JSON of an entry up to its place in the tree, which comes last in it: the place and a brace complete it. */
export function auditText(org: string, { at, kind, actor, data }: AuditFact): string {
  return `${canonicalJson({ org, at, kind, actor, data }).slice(0, -1)},"seq":`;
}

export function auditLeaf(entry: JsonObject): Buffer {
  return leafHash(canonicalJson(entry));
}

const treeHeadSchema = z.strictObject({
  v: z.literal(1),
  size: z.int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
});

/** Shows that `entry` stands in the tree of these leaves, under a signed tree head. */
export function proveInclusion(
  entry: AuditEntry,
  leaves: readonly Uint8Array[],
  { key, at }: { readonly key: SigningKey; readonly at: string },
): InclusionProof {
  const size = leaves.length;
  const treeHead = canonicalJson({ v: 1, size, root: rootHash(leaves).toString('hex'), at });
  return {
    entry,
    index: entry.seq,
    size,
    path: inclusionProof(leaves, entry.seq).map((hash) => hash.toString('hex')),
    treeHead: signEnvelope(TREE_HEAD_TYPE, Buffer.from(treeHead), key),
  };
}

/** What is wrong with a proof that the head `sealed` of run `run` is in the audit tree; undefined when nothing is. */
export function inclusionProblem(
  proof: InclusionProof,
  sealed: { readonly run: string; readonly head: string },
  publicKey: KeyObject,
): string | undefined {
  if (proof.treeHead.payloadType !== TREE_HEAD_TYPE || !verifyEnvelope(proof.treeHead, publicKey)) {
    return 'the tree head is not signed with this key';
  }
  const treeHead = parseTreeHead(proof.treeHead.payload);
  if (treeHead === undefined || treeHead.size !== proof.size) return 'the tree head does not have the form of one';
  const data = proof.entry['data'] as JsonObject | undefined;
  if (data?.['run'] !== sealed.run || data['head'] !== sealed.head) return 'the audit entry is about another head';
  const holds = verifyInclusion({
    leaf: auditLeaf(proof.entry),
    index: proof.index,
    size: proof.size,
    path: proof.path.map((hash) => Buffer.from(hash, 'hex')),
    root: Buffer.from(treeHead.root, 'hex'),
  });
  return holds ? undefined : 'the audit entry is not in the tree';
}

/** @param payload of its envelope; undefined when it has not the form of a tree head */
export function parseTreeHead(payload: string): z.infer<typeof treeHeadSchema> | undefined {
  try {
    return treeHeadSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
