import type { StepGroup } from '#ir/groups.js';

/** A row of the timeline: a step by its place in the run, or the phase that the steps below it are of. */
export type Row = { readonly step: number } | { readonly phase: string };

/** The steps in their order, each phase named where it begins; a step that comes later than its phase begins it anew. */
export function rowsOf(steps: readonly { readonly id: string }[], groups: ReadonlyMap<string, StepGroup>): Row[] {
  let last: string | undefined;
  return steps.flatMap(({ id }, step): Row[] => {
    const phase = phaseAt(id, groups);
    const begins = phase !== undefined && phase !== last;
    last = phase;
    return begins ? [{ phase }, { step }] : [{ step }];
  });
}

/** What undoes a step, `STEP/UNDO`, is of the phase of that. */
const phaseAt = (id: string, groups: ReadonlyMap<string, StepGroup>): string | undefined =>
  groups.get(id.split('/')[0] ?? id)?.phase;
