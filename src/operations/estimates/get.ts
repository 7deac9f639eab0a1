import { z } from 'zod';
import { stepStates } from '#execute/views/steps.js';
import { viewAttempts } from '#execute/views/store.js';
import { hasEnded } from '#ir/state.js';
import { operation } from '../operation.js';
import { readRun, runReference } from '../runs/reference.js';
import { type Estimate, estimateLeft } from './estimate.js';
import { historyOf, remainingOf } from './history.js';

const ms = z.number().nullable();
const estimateView = z.object({
  runId: z.string(),
  /** Whose earlier runs it rests on: those of the same plan, or of others with the same title; null when there is none. */
  basis: z.enum(['plan', 'title']).nullable(),
  runs: z.int(),
  /** Null without history, and once the run has ended. */
  p50Ms: ms,
  p90Ms: ms,
  path: z.array(z.string()),
  persons: z.array(z.string()),
  over: z.array(z.string()),
  at: z.string(),
});
export type EstimateView = z.infer<typeof estimateView>;

export const estimateRun = operation({
  name: 'runs.estimate',
  summary:
    'How long a run still takes, in half and in nine of ten cases, from the times of earlier runs along the critical path.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: estimateView,
  run: async ({ run: reference }, room): Promise<EstimateView> => {
    const run = await readRun(room, reference);
    const at = room.ports.clock.now();
    const head = { runId: run.id, at: at.toISOString() };
    // Backwards nobody has gone often enough.
    if (hasEnded(run.status) || run.mode === 'rollback')
      return { ...head, basis: null, ...shown(estimateLeft(run.plan.steps, [], [])) };
    const { attempts, history } = await room.database.door(room.org, async (tx) => ({
      attempts: await viewAttempts(tx, room.org, run.id),
      history: await historyOf(tx, room.org, {
        id: run.id,
        planDigest: run.plan_digest,
        title: run.title,
        steps: run.plan.steps.length,
      }),
    }));
    const states = new Map(stepStates(run.plan, run.status, attempts).map((state) => [state.id, state]));
    const left = remainingOf(run.plan.steps, states, at.getTime());
    return { ...head, basis: history.basis, ...shown(estimateLeft(run.plan.steps, left, history.samples)) };
  },
});

function shown({ path, persons, over, ...numbers }: Estimate) {
  return { ...numbers, path: [...path], persons: [...persons], over: [...over] };
}
