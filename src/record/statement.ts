import { z } from 'zod';
import { canonicalJson } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ChainRecord } from '#ir/proof.js';
import { type Envelope, envelopeSchema, type SigningKey, signEnvelope, signEnvelopeAside } from './dsse.js';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://opsroom.dev/proof/v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const BUNDLE_TYPE = 'application/vnd.opsroom.proof+json;version=1';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const at = z.iso.datetime();
const jsonObject = z.record(z.string(), z.json());
const head = z.strictObject({ seq: z.int().min(0), hash: hex });

const run = z.strictObject({
  id: z.string(),
  status: z.enum(['succeeded', 'failed', 'rolled_back', 'cancelled']),
  word: z.string(),
  /** Null when the run was cancelled before it began. */
  startedAt: at.nullable(),
  endedAt: at,
  requestedBy: z.string(),
  target: jsonObject,
});

/** An in-toto Statement v1. Chain records are checked one by one afterwards, so that the broken one can be named. */
export const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: hex }) })).min(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.strictObject({
    run,
    planDigest: hex,
    plan: jsonObject,
    chain: z.array(z.unknown()),
    head,
    /** By digest: what verifiers saw, masked. */
    evidence: z.record(hex, z.json()),
    /** Digests of evidence that was left out because of its size. */
    omitted: z.array(hex),
    tool: z.strictObject({ name: z.literal('opsroom'), version: z.string() }),
  }),
});
export type Statement = z.infer<typeof statementSchema>;
export type RunFacts = z.infer<typeof run>;

/** Shows that the sealed head stands in the audit tree; see docs/proof-format.md. */
export const inclusionSchema = z.strictObject({
  entry: jsonObject,
  index: z.int().min(0),
  size: z.int().min(1),
  path: z.array(hex).max(64),
  treeHead: envelopeSchema,
});
export type InclusionProof = z.infer<typeof inclusionSchema>;

export const bundleSchema = z.strictObject({
  mediaType: z.literal(BUNDLE_TYPE),
  envelope: envelopeSchema,
  publicKey: z.string().max(2000),
  inclusion: inclusionSchema.optional(),
});
export type Bundle = z.infer<typeof bundleSchema>;

export interface StatementParts {
  readonly run: RunFacts;
  readonly planDigest: string;
  readonly plan: JsonObject;
  readonly chain: readonly ChainRecord[];
  /** Whatever of the chain's evidence is at hand, by digest. */
  readonly evidence: ReadonlyMap<string, JsonValue>;
  readonly version: string;
  /** How many characters of evidence go into the bundle; what is beyond it is listed as left out. */
  readonly evidenceCap: number;
}

/** The statement of a chain, which must not be empty. Pure; the same parts give the same statement. */
export function buildStatement(parts: StatementParts): Statement {
  const last = parts.chain.at(-1);
  if (last === undefined) throw new RangeError('a chain without records proves nothing');
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: 'plan', digest: { sha256: parts.planDigest } },
      ...artefactsIn(parts.chain).map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      run: parts.run,
      planDigest: parts.planDigest,
      plan: parts.plan,
      chain: [...parts.chain],
      head: { seq: last.seq, hash: last.hash },
      ...splitEvidence(parts),
      tool: { name: 'opsroom', version: parts.version },
    },
  };
}

/** The artefacts that a chain names, in its order; `name` is `step/item/revision/attempt/name`, unique in a run. */
export function artefactsIn(chain: readonly ChainRecord[]): { name: string; sha256: string; seq: number }[] {
  return chain.flatMap(({ seq, body }) => {
    if (body.type !== 'step') return [];
    const identity = `${body.step}/${body.item}/${body.revision}/${body.attempt}`;
    return (body.artefacts ?? []).map(({ name, sha256 }) => ({ name: `${identity}/${name}`, sha256, seq }));
  });
}

/** The digests of evidence that a chain names, each once, with the first record that names it. */
export function evidenceIn(chain: readonly ChainRecord[]): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const { seq, body } of chain) {
    if (body.type !== 'verdict') continue;
    for (const digest of [body.baseline.evidence, body.evidence]) {
      if (digest !== undefined && !named.has(digest)) named.set(digest, seq);
    }
  }
  return named;
}

function splitEvidence({ chain, evidence, evidenceCap }: StatementParts) {
  const inline: Record<string, JsonValue> = {};
  const omitted: string[] = [];
  let room = evidenceCap;
  for (const digest of evidenceIn(chain).keys()) {
    const value = evidence.get(digest);
    const size = value === undefined ? Number.POSITIVE_INFINITY : canonicalJson(value).length;
    if (value === undefined || size > room) omitted.push(digest);
    else {
      inline[digest] = value;
      room -= size;
    }
  }
  return { evidence: inline, omitted };
}

/** Signs a statement. The payload is its canonical JSON, so that equal statements give equal bundles. */
export function signStatement(statement: Statement, key: SigningKey): Envelope {
  return signEnvelope(PAYLOAD_TYPE, Buffer.from(canonicalJson(statement as unknown as JsonObject)), key);
}

/** Parts of a statement that are at hand as canonical JSON: they are most of it, and are not put together anew. */
export interface ReadyTexts {
  readonly chain: readonly string[];
  readonly plan: string;
}

/** As `signStatement`, on another thread. */
export function signTexts(statement: Statement, texts: ReadyTexts, key: SigningKey): Promise<Envelope> {
  return signEnvelopeAside(PAYLOAD_TYPE, Buffer.from(statementText(statement, texts)), key);
}

/** The canonical JSON of a statement. Its members are put in their order here, which a test compares. */
export function statementText({ _type, subject, predicateType, predicate }: Statement, texts: ReadyTexts): string {
  const { evidence, head, omitted, planDigest, run, tool } = predicate;
  const before = { evidence, head, omitted } as unknown as JsonObject;
  const after = { planDigest, run, tool } as unknown as JsonObject;
  const members = [`"chain":[${texts.chain.join(',')}]`, inner(before), `"plan":${texts.plan}`, inner(after)].join(',');
  return `{"_type":${canonicalJson(_type)},"predicate":{${members}},${inner({ predicateType, subject })}}`;
}

/** The members of an object, without its braces. */
const inner = (value: JsonObject): string => canonicalJson(value).slice(1, -1);

/** The file that a person hands on. */
export function bundleFile(envelope: Envelope, publicKey: string, inclusion?: InclusionProof): Bundle {
  return { mediaType: BUNDLE_TYPE, envelope, publicKey, ...(inclusion === undefined ? {} : { inclusion }) };
}
