import { z } from 'zod';
import { BULK_ACTIONS, type BulkAction, bulkEffect, MOST_AT_ONCE } from '#ir/bulk.js';
import { runStatusSchema } from '#ir/state.js';
import { asOpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { appendAudit } from '#record/audit-store.js';
import { authorise } from '../invoke.js';
import { ledgerError } from '../ledger-error.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { archive } from './archive.js';
import { type RunSummaryRow, runsByIds } from './list-store.js';
import { shortId } from './reference.js';
import { rerun } from './rerun.js';
import { cancelRun } from './signals.js';

const selection = {
  action: z.enum(BULK_ACTIONS),
  runs: z.array(z.uuid()).min(1).max(MOST_AT_ONCE).describe(`Ids, ${MOST_AT_ONCE} at most.`),
};

const named = { runId: z.string(), shortId: z.string(), title: z.string(), status: runStatusSchema.nullable() };

export const previewBulk = operation({
  name: 'runs.bulkPreview',
  summary: 'Say of each of these runs what an action would do to it, or why it would do nothing. Changes nothing.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject(selection),
  output: z.object({
    applies: z.int(),
    runs: z.array(z.object({ ...named, applies: z.boolean(), what: z.string() })),
  }),
  run: async ({ action, runs }, room) => {
    const looked = await lookAt(room, action, runs);
    return { applies: looked.filter(({ applies }) => applies).length, runs: looked.map(({ row: _, ...one }) => one) };
  },
});

export const bulk = operation({
  name: 'runs.bulk',
  summary:
    'Cancel, re-run, archive or unarchive up to 500 runs, each where it applies, and tell what became of each. One that fails stops no other.',
  permission: 'run:control',
  changes: true,
  consequential: true,
  input: z.strictObject({
    ...selection,
    reason: z.string().trim().min(1).max(2000).describe('Why; in the audit log for each of them.'),
  }),
  output: z.object({
    done: z.int(),
    notApplied: z.int(),
    failed: z.int(),
    runs: z.array(
      z.object({
        ...named,
        outcome: z.enum(['done', 'not applied', 'failed']),
        what: z.string(),
        /** Of a re-run: the run that was started. */
        newRunId: z.string().nullable(),
      }),
    ),
  }),
  run: async ({ action, runs, reason }, room) => {
    if (action === 'rerun') authorise(rerun, room);
    const order: Order = { action, reason, bulk: uuidv7(room.ports.clock.now().getTime()) };
    const results: Awaited<ReturnType<typeof applied>>[] = [];
    for (const one of await lookAt(room, action, runs)) results.push(await applied(room, order, one));
    const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
    return { done: count('done'), notApplied: count('not applied'), failed: count('failed'), runs: results };
  },
});

interface Order {
  readonly action: BulkAction;
  readonly reason: string;
  /** The same in every audit entry of one request. */
  readonly bulk: string;
}

type Looked = Awaited<ReturnType<typeof lookAt>>[number];

/** In the order of the request, each once. */
async function lookAt(room: Room, action: BulkAction, ids: readonly string[]) {
  const rows = await room.database.door(room.org, (tx) => runsByIds(tx, room.org, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(ids.map((id) => id.toLowerCase()))].map((id) => {
    const row = known.get(id);
    const effect = row ? bulkEffect(action, row) : { applies: false, what: 'There is no such run.' };
    return { runId: id, shortId: shortId(id), title: row?.title ?? '', status: row?.status ?? null, ...effect, row };
  });
}

async function applied(room: Room, order: Order, { row, applies, ...one }: Looked) {
  if (!applies || !row) return { ...one, outcome: 'not applied' as const, newRunId: null };
  try {
    const newRunId = await apply(room, order, row);
    return { ...one, outcome: 'done' as const, newRunId };
  } catch (error) {
    const { code, message, mend } = asOpsroomError(ledgerError(error)).toJSON();
    // Between the look and the act it went on: that is no failure.
    const outcome =
      code === 'ALREADY_ENDED' || code === 'NOT_ALLOWED_NOW' ? ('not applied' as const) : ('failed' as const);
    return { ...one, outcome, what: `${message} ${mend}`, newRunId: null };
  }
}

/** @returns the run that a re-run started */
async function apply(
  room: Room,
  { action, reason, bulk: id }: Order,
  { id: run }: RunSummaryRow,
): Promise<string | null> {
  if (action === 'archive' || action === 'unarchive') {
    await archive(room, run, action, { reason, bulk: id });
    return null;
  }
  if (action === 'cancel') {
    await cancelRun.run({ run, reason }, room);
    await note(room, 'run.cancelled', { run, reason, bulk: id });
    return null;
  }
  const { runId } = await rerun.run({ run, fresh: false }, room);
  await note(room, 'run.rerun', { run, reason, bulk: id, newRun: runId });
  return runId;
}

function note(room: Room, kind: string, data: Record<string, string>): Promise<unknown> {
  const at = room.ports.clock.now().toISOString();
  return room.database.engineTx((tx) => appendAudit(tx, room.org, [{ at, kind, actor: room.by, data }]));
}
