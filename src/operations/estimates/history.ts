import type { Sql } from '#execute/sql.js';
import type { Remaining, Sample } from './estimate.js';
import { type StepTime, stepTimes } from './store.js';

/** What an estimate rests on: `plan`: earlier runs of the same plan, `title`: of others with its title. */
interface History {
  readonly basis: 'plan' | 'title' | null;
  readonly samples: readonly Sample[];
}

/** So many earlier runs count at most, and fewer where each has thousands of steps. */
const MOST_RUNS = 50;
const FEWEST_RUNS = 5;
const MOST_TIMES = 20_000;

/**
 * Of the same plan when there are runs enough, otherwise of any with the title: a plan that was edited is another plan.
 *
 * @param run the one that is estimated, and how many steps it has
 */
export async function historyOf(
  sql: Sql,
  org: string,
  run: { readonly id: string; readonly planDigest: string; readonly title: string; readonly steps: number },
): Promise<History> {
  const { id: not, planDigest, title } = run;
  const runs = Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, Math.floor(MOST_TIMES / Math.max(1, run.steps))));
  const same = samplesOf(await stepTimes(sql, org, { planDigest }, { not, runs }));
  if (same.length >= FEWEST_RUNS) return { basis: 'plan', samples: same };
  const alike = samplesOf(await stepTimes(sql, org, { title }, { not, runs }));
  if (alike.length > same.length) return { basis: 'title', samples: alike };
  return { basis: same.length > 0 ? 'plan' : null, samples: same };
}

function samplesOf(times: readonly StepTime[]): Sample[] {
  const byRun = new Map<string, Map<string, number>>();
  for (const { run, step, ms: took } of times) {
    const sample = byRun.get(run) ?? new Map<string, number>();
    byRun.set(run, sample.set(step, took));
  }
  return [...byRun.values()];
}

/** A step of a plan, as far as an estimate looks at it. */
export interface Planned {
  readonly id: string;
  readonly kind: string;
  readonly action: string;
}

/** Where a step stands. Times are ISO 8601. */
export interface Standing {
  readonly status: string;
  readonly startedAt: string | null;
  readonly wakeAt: string | null;
}

/** A step that fails now may be settled by a person, or end the run: either way it takes no time of its own. */
const SETTLED = new Set(['done', 'skipped', 'failed', 'cancelled']);

/** What is left of a plan's steps. @param states by step; a step without one was not begun */
export function remainingOf(
  steps: readonly Planned[],
  states: ReadonlyMap<string, Standing>,
  nowMs: number,
): Remaining[] {
  const since = (at: string | null) => (at === null ? 0 : Math.max(0, nowMs - Date.parse(at)));
  return steps.map(({ id, kind, action }): Remaining => {
    const { status, startedAt, wakeAt } = states.get(id) ?? { status: 'pending', startedAt: null, wakeAt: null };
    const idle = { id, ranMs: 0, waitMs: 0 };
    if (SETTLED.has(status)) return { ...idle, state: 'settled' };
    if ((kind === 'system' && action === 'manual') || status === 'unknown') return { ...idle, state: 'person' };
    if (status === 'pending') return { ...idle, state: 'pending' };
    const waitMs = status === 'retrying' && wakeAt !== null ? Math.max(0, Date.parse(wakeAt) - nowMs) : 0;
    return { id, state: 'running', ranMs: since(startedAt), waitMs };
  });
}
