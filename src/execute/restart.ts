import type { Database } from '#db/database.js';
import type { Plan } from '#ir/plan.js';
import { loadPlan } from './ledger/store.js';
import { findRun, lockRestart } from './runs/store.js';
import { restartOf } from './views/store.js';

/** A run that failed; `restart` counts from 1. */
export interface FailedRun {
  readonly org: string;
  readonly run: string;
  readonly plan: Plan;
  readonly restart: number;
}

/**
 * Has a run that failed started anew, unless that was done before: by whoever ended it, or by whoever found it ended later.
 *
 * @param again submits the run; called while others that ask for the same wait
 */
export async function restartOnce(
  database: Database,
  { org, run }: Pick<FailedRun, 'org' | 'run'>,
  again: (failed: FailedRun) => Promise<void>,
): Promise<void> {
  await database.engineTx(async (tx) => {
    await lockRestart(tx, run);
    const failed = await findRun(tx, org, run);
    if (failed?.status !== 'failed' && failed?.status !== 'rolled_back') return;
    const plan = await loadPlan(tx, org, failed.plan_digest);
    if (!plan?.retry || (await restartOf(tx, org, run)) !== undefined) return;
    await again({ org, run, plan, restart: failed.restart });
  });
}
