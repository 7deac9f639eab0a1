import { z } from 'zod';
import { listRuns, type RunSummaryRow } from '#execute/views/store.js';
import { LANES } from '#ir/plan.js';
import { runStatusSchema } from '#ir/state.js';
import { operation } from '../operation.js';

const summary = z.object({
  runId: z.string(),
  title: z.string(),
  status: runStatusSchema,
  word: z.string().nullable(),
  lane: z.string(),
  priority: z.int(),
  requestedBy: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  progress: z.object({ done: z.int(), total: z.int() }),
});
export type RunSummary = z.infer<typeof summary>;

export const listRunsOperation = operation({
  name: 'runs.list',
  summary: 'List runs, the newest first, by status, lane or part of the title.',
  permission: 'run:read',
  consequential: false,
  input: z.strictObject({
    status: z.array(runStatusSchema).optional(),
    lane: z.enum(LANES).optional(),
    text: z.string().max(500).optional(),
    limit: z.int().min(1).max(1000).default(20),
  }),
  output: z.object({ runs: z.array(summary) }),
  run: async (filter, room) => {
    const rows = await room.database.door(room.org, (tx) => listRuns(tx, room.org, filter));
    return { runs: rows.map(shown) };
  },
});

function shown(row: RunSummaryRow): RunSummary {
  return {
    runId: row.id,
    title: row.title,
    status: row.status,
    word: row.word,
    lane: row.lane,
    priority: row.priority,
    requestedBy: row.requested_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    progress: { done: row.done, total: row.total },
  };
}
