import { z } from 'zod';
import { viewRun } from '#execute/views/store.js';
import { chainRecordSchema } from '#ir/proof.js';
import { runStatusSchema } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { latestBundle } from '#record/seal-store.js';
import { readRecords } from '#record/store.js';
import { operation } from '../operation.js';
import { resolveRun, runReference } from '../runs/reference.js';

const MOST = 500;

export const chainView = z.object({
  runId: z.string(),
  title: z.string(),
  status: runStatusSchema,
  planDigest: z.string(),
  /** As they are kept, so that whoever reads them can compute every hash anew (docs/proof-format.md). */
  records: z.array(chainRecordSchema),
  /** More records follow: ask again with `after` = the last `seq`. */
  more: z.boolean(),
  /** The latest seal, whose bundle `proofs.export` gives; null until the run has ended and was sealed. */
  sealed: z
    .object({ at: z.string(), headSeq: z.int(), head: z.string(), keyid: z.string(), auditSeq: z.int() })
    .nullable(),
});

export const proofChain = operation({
  name: 'proofs.chain',
  summary: 'The proof chain of a run as far as it is written, record by record, also while the run goes on.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    run: runReference,
    after: z.int().min(-1).default(-1),
    limit: z.int().min(1).max(MOST).default(MOST),
  }),
  output: chainView,
  run: async ({ run: reference, after, limit }, room) => {
    const id = await resolveRun(room, reference);
    const { org } = room;
    return room.database.door(org, async (tx) => {
      const run = await viewRun(tx, org, id);
      if (!run) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: reference });
      const records = await readRecords(tx, { org, run: id, after, limit: limit + 1 });
      const bundle = await latestBundle(tx, org, id);
      return {
        runId: id,
        title: run.title,
        status: run.status,
        planDigest: run.plan_digest,
        records: records.slice(0, limit),
        more: records.length > limit,
        sealed: bundle
          ? {
              at: bundle.sealed_at.toISOString(),
              headSeq: bundle.head_seq,
              head: bundle.head,
              keyid: bundle.keyid,
              auditSeq: bundle.audit_seq,
            }
          : null,
      };
    });
  },
});
