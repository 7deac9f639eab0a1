import type { Parked } from '#execute/records.js';
import { shortId } from '../runs/reference.js';
import type { Need } from './shape.js';
import type { BoardRun } from './store.js';

const KINDS: Partial<Record<Parked['code'], Need['kind']>> = {
  MANUAL: 'confirm',
  INPUT: 'answer',
  UNKNOWN: 'resolve',
  REFUSED: 'decide',
  TAKEOVERS: 'decide',
  WORKSPACE_LOST: 'decide',
};

/** Whether only a person can move a run that is parked so. Whoever paused one knows. */
export const needsPerson = (code: Parked['code'] | null): boolean => code !== null && KINDS[code] !== undefined;

interface NeedFacts {
  readonly instructions: ReadonlyMap<string, string>;
  readonly plans: ReadonlyMap<string, { readonly titles: ReadonlyMap<string, string> }>;
}

/** What a parked run asks of a person; undefined when it asks nothing. */
export function needOf(run: BoardRun, target: string, { instructions, plans }: NeedFacts): Need | undefined {
  const { parked } = run;
  const kind = run.status === 'waiting' && parked ? KINDS[parked.code] : undefined;
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
    what: instructions.get(`${run.id} ${step}`) ?? parked.what,
    mend: parked.mend.replaceAll(/\bRUN\b/g, shortId(run.id)),
    since: (run.changed_at ?? run.queued_at).toISOString(),
  };
}
