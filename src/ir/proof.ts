import { z } from 'zod';
import type { AttemptId } from './calls.js';
import type { JsonObject } from './json.js';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const at = z.iso.datetime();
const identity = { step: z.string(), item: z.int(), revision: z.int(), attempt: z.int() };

/**
 * The first record: what the run was allowed to do. `parent` is set on a re-run: the chain goes on from the parent's head. `rule`: which
 * one chose what was taken over; the first versions did not say.
 */
const genesis = z.strictObject({
  type: z.literal('genesis'),
  planDigest: hex,
  inputsDigest: hex,
  targetDigest: hex,
  requestedBy: z.string(),
  approvals: z.array(z.json()),
  parent: z
    .strictObject({
      run: z.string(),
      head: hex,
      rule: z.int().optional(),
      reused: z.array(z.strictObject({ ...identity, outputDigest: hex })),
    })
    .optional(),
});

/** How one attempt of a step ended. `outputDigest` is over the canonical JSON of the masked output; `logDigest` over the masked log. */
const step = z.strictObject({
  type: z.literal('step'),
  ...identity,
  outcome: z.enum(['done', 'failed', 'skipped', 'unknown']),
  word: z.string(),
  startedAt: at,
  endedAt: at,
  isolation: z.string(),
  outputDigest: hex,
  logDigest: hex.optional(),
  error: z.string().optional(),
  artefacts: z.array(z.strictObject({ name: z.string(), sha256: hex, size: z.int() })).optional(),
  /** A person's word in place of evidence: who and why (`confirm`, `resolve`). */
  person: z.strictObject({ by: z.string(), reason: z.string() }).optional(),
});

const verdict = z.strictObject({
  type: z.literal('verdict'),
  ...identity,
  verifier: z.string(),
  kind: z.string(),
  required: z.boolean(),
  baseline: z.strictObject({ state: z.enum(['failed', 'passed', 'unknown']), evidence: hex.optional() }),
  passed: z.boolean(),
  proven: z.boolean(),
  basis: z.enum(['failed-before', 'names-effect', 'none']),
  evidence: hex,
});

/** What others told the run: cancel, pause, resume, confirm, resolve, rollback. */
const signal = z.strictObject({
  type: z.literal('signal'),
  kind: z.string(),
  by: z.string(),
  reason: z.string(),
  step: z.string().optional(),
});

/** The last record of a sealed chain. A later rollback appends more records and a second end. */
const end = z.strictObject({
  type: z.literal('end'),
  status: z.enum(['succeeded', 'failed', 'rolled_back', 'cancelled']),
  word: z.string(),
});

export const proofBodySchema = z.discriminatedUnion('type', [genesis, step, verdict, signal, end]);
export type ProofBody = z.infer<typeof proofBodySchema>;

/** A link of a run's chain. `hash` = SHA-256 over the RFC 8785 form of `{v, run, seq, at, prev, body}`; `prev` of seq 0 is 64 zeros. */
export const chainRecordSchema = z.strictObject({
  v: z.literal(1),
  run: z.string(),
  seq: z.int().min(0),
  at,
  prev: hex,
  body: proofBodySchema,
  hash: hex,
});
export type ChainRecord = z.infer<typeof chainRecordSchema>;

/** A link on its way into the ledger: its place in the chain, and the record as RFC 8785 text. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
  readonly text: string;
}

export const NO_PREVIOUS = '0'.repeat(64);

/** A file kept by digest. */
export interface ArtefactRef extends JsonObject {
  name: string;
  sha256: string;
  size: number;
}
export type Identity = Pick<AttemptId, 'stepId' | 'item' | 'revision'>;
