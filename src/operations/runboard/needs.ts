import { askOf } from '../runs/asks-person.js';
import { shortId } from '../runs/reference.js';
import type { Need } from './shape.js';
import { type BoardRun, instructionsKey } from './store.js';

interface NeedFacts {
  /** By `instructionsKey`. */
  readonly instructions: ReadonlyMap<string, string>;
  readonly plans: ReadonlyMap<string, { readonly titles: ReadonlyMap<string, string> }>;
}

/** What a parked run asks of a person; undefined when it asks nothing. */
export function needOf(run: BoardRun, target: string, { instructions, plans }: NeedFacts): Need | undefined {
  const { parked } = run;
  const kind = run.status === 'waiting' && parked ? askOf(parked.code) : undefined;
  if (!parked || kind === undefined) return undefined;
  const step = parked.step ?? null;
  return {
    kind,
    runId: run.id,
    title: run.title,
    target,
    lane: run.lane,
    step,
    stepTitle: plans.get(run.plan_digest)?.titles.get(step ?? '') ?? null,
    what: instructions.get(instructionsKey(run.id, step, parked.item)) ?? parked.what,
    mend: parked.mend.replaceAll(/\bRUN\b/g, shortId(run.id)),
    since: (run.changed_at ?? run.queued_at).toISOString(),
  };
}
