import { z } from 'zod';
import { type LogEntry, readLog } from '#execute/logs/read.js';
import { logsOf } from '#execute/logs/store.js';
import type { AttemptId } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { readRun, runReference } from './reference.js';

const logLine = z.object({
  step: z.string(),
  /** -1 outside a forEach. */
  item: z.int(),
  attempt: z.int(),
  number: z.int(),
  stream: z.enum(['out', 'err', 'gap']),
  /** Of a gap: nothing. */
  text: z.string(),
  /** Of a gap: how many lines the cap dropped here. */
  dropped: z.int(),
});
export type RunLogLine = z.infer<typeof logLine>;

const MOST_LINES = 100_000;

export const runLogs = operation({
  name: 'runs.logs',
  summary: 'What the steps of a run printed, attempt by attempt, in the order in which they began; secrets are masked.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    run: runReference,
    step: z.string().optional(),
    /** The last so many lines of each attempt. */
    tail: z.int().min(1).max(MOST_LINES).optional(),
  }),
  output: z.object({ runId: z.string(), lines: z.array(logLine), truncated: z.boolean() }),
  run: async ({ run: reference, step, tail }, room) => {
    const run = await readRun(room, reference);
    if (step !== undefined) requireStep(run.plan.steps, step);
    return room.database.door(room.org, async (tx) => {
      const attempts = await logsOf(tx, {
        org: room.org,
        runId: run.id,
        ...(step === undefined ? {} : { stepId: step }),
      });
      const lines: RunLogLine[] = [];
      for (const { id } of attempts) {
        const left = MOST_LINES - lines.length;
        if (left <= 0) break;
        const entries = await readLog(tx, id, { limit: left, ...(tail === undefined ? {} : { tail }) });
        for (const entry of entries) lines.push(shownLine(id, entry));
      }
      return { runId: run.id, lines, truncated: lines.length >= MOST_LINES };
    });
  },
});

/** @throws OpsroomError NOT_FOUND; a compensation is called `step/compensation` */
export function requireStep(
  steps: readonly { readonly id: string; readonly rollback?: readonly { readonly id: string }[] }[],
  wanted: string,
): void {
  const [step, undo, ...more] = wanted.split('/');
  const found = steps.find(({ id }) => id === step);
  if (found && more.length === 0 && (undo === undefined || found.rollback?.some(({ id }) => id === undo))) return;
  const names = steps.map(({ id }) => id);
  const shown = names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')}, …`;
  throw new OpsroomError('NOT_FOUND', { what: `The run has no step "${wanted}".`, mend: `Its steps: ${shown}.` });
}

export function shownLine(id: AttemptId, entry: LogEntry): RunLogLine {
  const gap = entry.stream === 'gap';
  return {
    step: id.stepId,
    item: id.item,
    attempt: id.attempt,
    number: entry.number,
    stream: entry.stream,
    text: gap ? '' : entry.text,
    dropped: gap ? entry.dropped : 0,
  };
}
