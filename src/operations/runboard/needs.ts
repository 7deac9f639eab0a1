import { filledIn } from '#execute/decide/told.js';
import { type Parked, unitKey } from '#execute/records.js';
import type { AskingStep } from '../runs/asking-store.js';
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
  const parked = asking ? parkedBeside(asking) : run.status === 'waiting' ? run.parked : null;
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

/** In short what the run will say once nothing else goes on. */
function parkedBeside({ step, item, status, question, guards }: AskingStep): Parked {
  const unit = unitKey(step, item);
  const at = { step, item };
  if (status === 'unknown') {
    const mend = `Look, then say: \`opsroom resolve RUN ${unit} --as done|failed|skip|retry --reason TEXT\`.`;
    return { code: 'UNKNOWN', what: `Nobody knows how far step ${unit} came.`, mend, ...at };
  }
  if (question !== null)
    return {
      code: 'INPUT',
      what: `Step ${unit} asks: ${question}`,
      mend: `Answer it: \`opsroom answer RUN ${unit}\`; or \`--decline\`.`,
      ...at,
    };
  const confirm = `\`opsroom confirm RUN ${unit} --reason TEXT\``;
  if (!guards)
    return { code: 'MANUAL', what: `Step ${unit} is done by a person.`, mend: `When it is done: ${confirm}.`, ...at };
  const mend = `Yes: ${confirm}. No, leave it out: \`opsroom resolve RUN ${unit} --as skip --reason TEXT\`.`;
  return { code: 'MANUAL', what: `Step ${unit} asks whether others may be done.`, mend, ...at };
}

const MOST_SHOWN = 500;

/** Of a rollback, why it asks as well: what failed, and what it takes back. */
function whatOf({ what, step = '', item = -1 }: Parked, told: Instructions | undefined): string {
  if (told === undefined) return what;
  if (!step.includes('/')) return told.text.slice(0, MOST_SHOWN);
  return filledIn(what, told.written ?? undefined, told.text, unitKey(step, item));
}
