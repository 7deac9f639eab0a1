import { z } from 'zod';
import { runStatusSchema } from '#ir/state.js';
import { exportBundle } from '#record/seal.js';
import { operation } from '../operation.js';
import { resolveRun, runReference } from '../runs/reference.js';
import { verifyProofs } from './verify.js';

export const verifyRunProof = operation({
  name: 'proofs.verify',
  summary:
    'Check the sealed proof of a run as an outsider would, by this room’s key: signature, chain, digests, and that every word in it is earned.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: z.object({
    runId: z.string(),
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), problem: z.string().nullable() })),
    /** Null: every record holds. */
    firstBroken: z.object({ seq: z.int(), step: z.string().nullable(), problem: z.string() }).nullable(),
    status: runStatusSchema.nullable(),
    word: z.string().nullable(),
    planDigest: z.string().nullable(),
    head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
    /** Of the key that signed. */
    keyid: z.string().nullable(),
    approvedBy: z.array(z.string()),
    /** Pieces of evidence that are too large for the bundle, and were not checked. */
    omitted: z.int(),
  }),
  run: async ({ run: reference }, room) => {
    const runId = await resolveRun(room, reference);
    const deps = { key: room.key, now: () => room.ports.clock.now() };
    const bundle = await room.database.door(room.org, (tx) => exportBundle(tx, room.org, runId, deps));
    const report = verifyProofs(Buffer.from(JSON.stringify(bundle)), [room.key.publicKeyPem]);
    const { firstBroken, run, planDigest = null, head = null, key, approvals = [], omitted = 0 } = report;
    return {
      runId,
      ok: report.ok,
      checks: report.checks.map(({ name, ok, problem = null }) => ({ name, ok, problem })),
      firstBroken: firstBroken ? { ...firstBroken, step: firstBroken.step ?? null } : null,
      status: run?.status ?? null,
      word: run?.word ?? null,
      planDigest,
      head: head && { ...head },
      keyid: key?.keyid ?? null,
      approvedBy: approvals.map(({ by }) => by),
      omitted,
    };
  },
});
