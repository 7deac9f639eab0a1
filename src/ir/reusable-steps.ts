import { guardedBy, guardsOf } from './guards.js';
import type { Plan } from './plan.js';
import { undoingOf } from './undoing.js';

/** The record of a step, of one of its items (its sum has -1), or of a compensation (`step/compensation`). */
interface Settled {
  readonly step: string;
  readonly item: number;
  readonly status: string;
}

/** Which rule `reusableSteps` is, as re-runs record it: one more whenever it comes to keep other steps than before. */
export const REUSE_RULE = 1;

/**
 * Steps whose settled records a re-run may keep: not those to start from, nor what was undone since, nor anything that
 * comes after one of those, nor the questions that stand before what is done again.
 */
export function reusableSteps(
  plan: Pick<Plan, 'steps'>,
  rows: readonly Settled[],
  starts: readonly string[],
): string[] {
  const settled = rows.filter(({ status }) => status === 'done' || status === 'skipped');
  const begun = new Set(settled.map(({ step }) => step));
  const whole = new Set(settled.filter(({ item }) => item < 0).map(({ step }) => step));
  const lost = withWhatFollows(plan, [...starts, ...undoneIn(plan, rows)]);
  const asked = askedAgain(plan, (id) => lost.has(id) || !whole.has(id));
  return plan.steps.map(({ id }) => id).filter((id) => begun.has(id) && !lost.has(id) && !asked.has(id));
}

/** The most that any rule has let a re-run keep: what was settled, but for the steps to start from and what comes after those. */
export function reusableAtMost(
  plan: Pick<Plan, 'steps'>,
  rows: readonly Settled[],
  starts: readonly string[],
): ReadonlySet<string> {
  const lost = withWhatFollows(plan, starts);
  const settled = rows.filter(({ step, status }) => (status === 'done' || status === 'skipped') && !lost.has(step));
  return new Set(settled.map(({ step }) => step));
}

/**
 * What was taken back, or may have been, by its own compensations or by those of another step. One that was left out took nothing
 * back, nor does a question; of items a page knows only the sum, so that these count however they ended.
 */
function undoneIn(plan: Pick<Plan, 'steps'>, rows: readonly Settled[]): string[] {
  const tried = new Set(rows.filter(({ item, status }) => item >= 0 || status !== 'skipped').map(({ step }) => step));
  return [...undoingOf(plan)]
    .filter(([, undoing]) =>
      undoing.some(({ owner, undo }) => guardedBy(undo).length === 0 && tried.has(`${owner}/${undo.id}`)),
    )
    .map(([id]) => id);
}

function withWhatFollows({ steps }: Pick<Plan, 'steps'>, starts: readonly string[]): ReadonlySet<string> {
  const lost = new Set(starts);
  // Until nothing changes: steps need not be listed in the order in which they depend on each other.
  for (let size = -1; size !== lost.size; ) {
    size = lost.size;
    for (const { id, dependsOn } of steps) if (dependsOn.some((before) => lost.has(before))) lost.add(id);
  }
  return lost;
}

/** A yes was said to what was to be done then. What was done on it stays done, though it comes after the question. */
function askedAgain(plan: Pick<Plan, 'steps'>, isDoneAgain: (id: string) => boolean): ReadonlySet<string> {
  const guards = guardsOf(plan);
  const asked = new Set<string>();
  // Until nothing changes: a question may stand before another.
  for (let size = -1; size !== asked.size; ) {
    size = asked.size;
    for (const [id, asking] of guards) if (asked.has(id) || isDoneAgain(id)) for (const one of asking) asked.add(one);
  }
  return asked;
}
