import { filledIn } from '#execute/decide/told.js';
import { type Parked, unitKey } from '#execute/records.js';
import { askedBeside } from '../runs/asked-beside.js';
import { askOf } from '../runs/asks-person.js';
import { shortId } from '../runs/reference.js';
import type { Need } from './shape.js';
import { type BoardRun, type Instructions, instructionsKey } from './store.js';

interface NeedFacts {
  /** By `instructionsKey`. */
  readonly instructions: ReadonlyMap<string, Instructions>;
  readonly plans: ReadonlyMap<string, { readonly titles: ReadonlyMap<string, string> }>;
}

/** What a run asks of a person, at rest or beside what goes on; undefined when it asks nothing. */
export function needOf(run: BoardRun, target: string, { instructions, plans }: NeedFacts): Need | undefined {
  const { asking } = run;
  const parked = asking ? askedBeside(asking) : run.status === 'waiting' ? run.parked : null;
  const kind = parked ? askOf(parked.code) : undefined;
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
    what: whatOf(parked, instructions.get(instructionsKey(run.id, step, parked.item))),
    mend: parked.mend.replaceAll(/\bRUN\b/g, shortId(run.id)),
    since: (asking ? new Date(asking.since) : (run.changed_at ?? run.queued_at)).toISOString(),
  };
}

const MOST_SHOWN = 500;

/** Of a rollback, why it asks as well: what failed, and what it takes back. */
function whatOf({ what, step = '', item = -1 }: Parked, told: Instructions | undefined): string {
  if (told === undefined) return what;
  if (!step.includes('/')) return told.text.slice(0, MOST_SHOWN);
  return filledIn(what, told.written ?? undefined, told.text, unitKey(step, item));
}
