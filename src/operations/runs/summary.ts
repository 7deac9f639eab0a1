import { z } from 'zod';
import { runStatusSchema } from '#ir/state.js';
import { jsonObject } from '../plans/input.js';
import type { RunSummaryRow } from './list-store.js';
import { shortId } from './reference.js';

const at = z.string().nullable();

/** A run as a list shows it. */
export const runSummary = z.object({
  runId: z.string(),
  shortId: z.string(),
  title: z.string(),
  status: runStatusSchema,
  word: z.string().nullable(),
  /** Why it waits; null when it does not. */
  waiting: z.object({ code: z.string(), what: z.string() }).nullable(),
  wakeAt: at,
  rollingBack: z.boolean(),
  /** It failed, and its rollback left something as it was: somebody has to look. */
  notUndone: z.boolean(),
  /** It waits for a person, as the Runboard shows it: at rest, beside what goes on, or for what its rollback left. */
  needsPerson: z.boolean(),
  planDigest: z.string(),
  target: jsonObject,
  lane: z.string(),
  priority: z.int(),
  requestedBy: z.string(),
  parent: z.string().nullable(),
  session: z.object({ sessionId: z.string(), name: z.string() }).nullable(),
  createdAt: z.string(),
  startedAt: at,
  endedAt: at,
  archived: z.boolean(),
  progress: z.object({ done: z.int(), total: z.int() }),
  /** How many of its steps have which verdict; of each step the last attempt counts. */
  verdicts: z.object({ proven: z.int(), holds: z.int(), exitCodeOnly: z.int(), failed: z.int() }),
});
export type RunSummary = z.infer<typeof runSummary>;

export function shownSummary(row: RunSummaryRow): RunSummary {
  const { proven, holds, exitCodeOnly, failed, parked, sessionId, sessionName } = row;
  const rests = row.status === 'waiting' || row.status === 'paused';
  return {
    runId: row.id,
    shortId: shortId(row.id),
    title: row.title,
    status: row.status,
    word: row.word,
    waiting: rests && parked ? { code: parked.code, what: parked.what } : null,
    wakeAt: row.wakeAt?.toISOString() ?? null,
    rollingBack: row.mode === 'rollback' && row.endedAt === null,
    notUndone: row.notUndone,
    needsPerson: row.needsPerson,
    planDigest: row.planDigest,
    target: row.target,
    lane: row.lane,
    priority: row.priority,
    requestedBy: row.requestedBy,
    parent: row.parent,
    session: sessionId === null || sessionName === null ? null : { sessionId, name: sessionName },
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    archived: row.archived,
    progress: { done: row.done, total: row.total },
    verdicts: { proven, holds, exitCodeOnly, failed },
  };
}
