import { z } from 'zod';
import { type StepState, stepStates } from '#execute/views/steps.js';
import { type ViewedRun, viewAttempts } from '#execute/views/store.js';
import type { Plan } from '#ir/plan.js';
import { hasEnded } from '#ir/state.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { readRun, runReference } from '../runs/reference.js';
import { type Estimate, estimateLeft, type Remaining, type Sample } from './estimate.js';
import { type StepTime, stepTimes } from './store.js';

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

/** So many earlier runs count at most, and fewer where each has thousands of steps. */
const MOST_RUNS = 50;
const FEWEST_RUNS = 5;
const MOST_TIMES = 20_000;

export const estimateRun = operation({
  name: 'runs.estimate',
  summary:
    'How long a run still takes, in half and in nine of ten cases, from the times of earlier runs along the critical path.',
  permission: 'run:read',
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: estimateView,
  run: async ({ run: reference }, room): Promise<EstimateView> => {
    const run = await readRun(room, reference);
    const at = room.ports.clock.now();
    const head = { runId: run.id, at: at.toISOString() };
    // Backwards nobody has gone often enough.
    if (hasEnded(run.status) || run.mode === 'rollback') return { ...head, basis: null, ...shown(estimateLeft(run.plan.steps, [], [])) };
    const attempts = await room.database.door(room.org, (tx) => viewAttempts(tx, room.org, run.id));
    const left = remaining(run.plan, stepStates(run.plan, run.status, attempts), at.getTime());
    const { basis, samples } = await history(room, run);
    return { ...head, basis, ...shown(estimateLeft(run.plan.steps, left, samples)) };
  },
});

function shown({ path, persons, over, ...numbers }: Estimate) {
  return { ...numbers, path: [...path], persons: [...persons], over: [...over] };
}

/** Of the same plan when there are runs enough, otherwise of any with the title: a plan that was edited is another plan. */
async function history(
  room: Room,
  { id: not, plan_digest: planDigest, title, plan }: ViewedRun,
): Promise<{ basis: EstimateView['basis']; samples: Sample[] }> {
  const runs = Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, Math.floor(MOST_TIMES / plan.steps.length)));
  return room.database.door(room.org, async (tx) => {
    const same = samplesOf(await stepTimes(tx, room.org, { planDigest }, { not, runs }));
    if (same.length >= FEWEST_RUNS) return { basis: 'plan', samples: same };
    const alike = samplesOf(await stepTimes(tx, room.org, { title }, { not, runs }));
    if (alike.length > same.length) return { basis: 'title', samples: alike };
    return { basis: same.length > 0 ? 'plan' : null, samples: same };
  });
}

function samplesOf(times: readonly StepTime[]): Sample[] {
  const byRun = new Map<string, Map<string, number>>();
  for (const { run, step, ms: took } of times) {
    const sample = byRun.get(run) ?? new Map<string, number>();
    byRun.set(run, sample.set(step, took));
  }
  return [...byRun.values()];
}

/** A step that fails now may be settled by a person, or end the run: either way it takes no time of its own. */
const SETTLED = new Set<StepState['status']>(['done', 'skipped', 'failed', 'cancelled']);

function remaining({ steps }: Plan, states: readonly StepState[], nowMs: number): Remaining[] {
  const byId = new Map(states.map((state) => [state.id, state]));
  return steps.flatMap(({ id, kind, action }): Remaining[] => {
    const state = byId.get(id);
    if (!state) return [];
    const since = (at: string | null) => (at === null ? 0 : Math.max(0, nowMs - Date.parse(at)));
    const wakesMs = state.wakeAt === null ? 0 : Math.max(0, Date.parse(state.wakeAt) - nowMs);
    const asks = (kind === 'system' && action === 'manual') || state.status === 'unknown';
    if (SETTLED.has(state.status)) return [{ id, state: 'settled', ranMs: 0, waitMs: 0 }];
    if (asks) return [{ id, state: 'person', ranMs: 0, waitMs: 0 }];
    const started = state.status !== 'pending';
    const retrying = state.status === 'retrying';
    return [
      {
        id,
        state: started ? 'running' : 'pending',
        ranMs: started ? since(state.startedAt) : 0,
        waitMs: retrying ? wakesMs : 0,
      },
    ];
  });
}
