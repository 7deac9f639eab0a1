import { filledIn } from '#execute/decide/told.js';
import { type Parked, unitKey } from '#execute/records.js';
import type { Sql } from '#execute/sql.js';
import { type ViewedRun, waitingInstructions } from '#execute/views/store.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';

/**
 * Why a run is parked, with the values of this run in what a person is asked: the engine decides without them. Secrets are masked.
 */
export async function askedOf(sql: Sql, org: string, { id, plan, parked }: ViewedRun): Promise<Parked | null> {
  if (parked?.code !== 'MANUAL' || parked.step === undefined) return parked;
  const { step, item = -1 } = parked;
  const written = stepOf(plan, step)?.args['instructions'];
  const rendered = await waitingInstructions(sql, org, id, { step, item });
  return { ...parked, what: filledIn(parked.what, written, rendered ?? '', unitKey(step, item)) };
}

export function stepOf({ steps }: Plan, id: string): Step | RollbackStep | undefined {
  const [owner, undo] = id.split('/');
  const step = steps.find((one) => one.id === owner);
  return undo === undefined ? step : step?.rollback?.find((one) => one.id === undo);
}
