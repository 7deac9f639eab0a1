import type { Plan, RollbackStep } from './plan.js';

/** A compensation, and the step that has it. */
export interface Undoing {
  readonly owner: string;
  readonly undo: RollbackStep;
}

/** As whoever reads about a step names it: a compensation of its own by its id, that of another step with the step. */
export function undoingName(step: string, { owner, undo }: Undoing): string {
  return owner === step ? undo.id : `${owner}/${undo.id}`;
}

/** By step: what takes it back. Its own compensations come first, then those of other steps that name it. */
export function undoingOf({ steps }: Pick<Plan, 'steps'>): ReadonlyMap<string, readonly Undoing[]> {
  const undoing = new Map(
    steps.map(({ id, rollback = [] }) => [id, rollback.map((undo): Undoing => ({ owner: id, undo }))]),
  );
  for (const { id: owner, rollback = [] } of steps)
    for (const undo of rollback)
      for (const other of undo.alsoUndoes ?? []) if (other !== owner) undoing.get(other)?.push({ owner, undo });
  return undoing;
}
