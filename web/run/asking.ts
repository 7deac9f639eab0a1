import { hasEnded } from '#ir/state.js';
import { asksPerson, isNotUndone, runStanding, type Shown } from '../ui/state.js';
import { unturned } from '../ui/visible.js';
import type { Run, RunStep } from './data.js';
import { spokenOf } from './inspector/spoken.js';

/** How the run stands, as lists and the board say it. */
export function standingOf(run: Pick<Run, 'status' | 'word' | 'rollingBack' | 'error'> & Asked): Shown {
  const asks = run.asks !== null || askingStep(run) !== undefined;
  return runStanding({ ...run, notUndone: isNotUndone(run), asks });
}

type Asked = Pick<Run, 'steps' | 'waiting' | 'asks'>;

/** What is asked of a person beside what goes on, else why the run does not move. */
export const askedIn = ({ asks, waiting }: Pick<Run, 'asks' | 'waiting'>): Run['asks'] | Run['waiting'] =>
  asks ?? waiting;

/** The steps that a person answers, in the order of the plan. */
const askingSteps = (run: Asked): RunStep[] => run.steps.filter((step) => asksPerson(step) || itemAsks(run, step));

/**
 * The step that a person answers now: the one that the run is parked for, else the first that waits for nobody's clock.
 *
 * @param kept the step that stands at the top already. As long as it asks it stays there: somebody may be answering it
 */
export function askingStep(run: Asked, kept?: string): RunStep | undefined {
  const asks = askingSteps(run);
  const first = (id: string | undefined) => asks.find((step) => step.id === id);
  return first(kept) ?? first(askedIn(run)?.step) ?? asks[0];
}

/** What else is asked of a person beside the step at the top and what the run itself names. */
export function alsoAsking(run: Asked & Pick<Run, 'status' | 'rollingBack'>, asking: RunStep | undefined): RunStep[] {
  if (hasEnded(run.status)) return [];
  const asks = new Set(askingSteps(run));
  const told = askedIn(run)?.step;
  // Once all is taken back, nobody asks any more how a step ended that went forward.
  const isUnknown = (step: RunStep) =>
    isEndAsked(step) && step.id !== told && (!run.rollingBack || step.id.includes('/'));
  return run.steps.filter((step) => step.id !== asking?.id && (asks.has(step) || isUnknown(step)));
}

/** Whether nobody knows how far it came, and a person was asked. */
export const isEndAsked = ({ status, error }: Pick<RunStep, 'status' | 'error'>): boolean =>
  status === 'unknown' && error?.code === 'ASKED';

/** Whether an item of it asks while others go on. */
const itemAsks = ({ asks }: Pick<Run, 'asks'>, { id, status }: RunStep): boolean =>
  asks !== null && asks.code !== 'UNKNOWN' && asks.item >= 0 && asks.step === id && status === 'running';

/**
 * Of the step that stands at the top of the page, the unit that is asked about there, with the buttons.
 *
 * @param whole the step as a whole, from which the top is made; undefined where it could not be read
 */
export const unitAbove = (
  run: Pick<Run, 'asks' | 'waiting'>,
  step: Parameters<typeof spokenOf>[1],
  whole: Parameters<typeof spokenOf>[2] | undefined,
): string | undefined => whole && spokenOf(askedIn(run), step, whole, -1)?.unit;

/** What a person is asked about, as a heading: of a rollback, what it takes back. */
export function headingOf(
  steps: readonly Pick<RunStep, 'id' | 'title'>[],
  { id, title }: Pick<RunStep, 'id' | 'title'>,
  { unit, asks }: { readonly unit: string; readonly asks: boolean },
): string {
  const [owner, undo] = id.split('/');
  const back = undo === undefined ? '' : `Rollback of “${steps.find((step) => step.id === owner)?.title ?? owner}”: `;
  const which = unit === id ? '' : ` (${unit})`;
  const heading = asks ? `${back}may this be done?` : `${back}a person does this: ${title}${which}`;
  return unturned(heading.replace(/^./, (first) => first.toUpperCase()));
}

/** How the room begins: who is asked, and for what. The page says that itself. */
const BEGINNING = /^Step .*? (?:may be done|is done by a person)\./s;
/** Of instructions that are longer the room tells so much. */
const MOST_TOLD = 1000;

/**
 * Why a person is asked, as far as neither the heading nor the instructions say it: what went wrong before, and what is taken back.
 *
 * @param what why the run waits, in the room's words
 * @param instructions what stands below it
 */
export function contextOf(what: string, instructions: string | undefined): string | undefined {
  const rest = what.replace(BEGINNING, '');
  if (rest === what) return undefined;
  const told = (instructions ?? '').trim();
  const context = rest.slice(0, beginOf(told, rest)).trim();
  return context === '' ? undefined : context;
}

/** Where the instructions begin, at the end of what the room says. */
function beginOf(told: string, rest: string): number {
  const at = told.length > MOST_TOLD ? rest.lastIndexOf(told.slice(0, MOST_TOLD)) : rest.length - told.length;
  return at >= 0 && (told.length > MOST_TOLD || rest.endsWith(told)) ? at : rest.length;
}

const MOST_NAMED = 5;

/** What a yes or a no decides about, with a blank behind it; empty of a step that is a task of its own. */
export function aboutOf(titles: readonly string[]): string {
  if (titles.length === 0) return '';
  const more = titles.length - MOST_NAMED;
  return `It is about: ${titles.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}. `;
}
