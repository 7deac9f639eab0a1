import type { Run, RunStep } from './data.js';

/** The step that a person is asked about now: the one that the run is parked for, else the first that waits for nobody's clock. */
export function askingStep({ steps, waiting }: Pick<Run, 'steps' | 'waiting'>): RunStep | undefined {
  const asks = steps.filter(({ status, wakeAt }) => status === 'waiting' && wakeAt === null);
  return asks.find(({ id }) => id === waiting?.step) ?? asks[0];
}

/**
 * Whether the question stands at the top of the page, so that it need not stand beside the step as well.
 *
 * @param item that is looked at; -1: the step as a whole
 */
export function isAskedAbove(run: Pick<Run, 'steps' | 'waiting'>, step: string, item: number): boolean {
  if (askingStep(run)?.id !== step) return false;
  return item < 0 || (run.waiting?.step === step && run.waiting.item === item);
}

/** What a person is asked about, as a heading: of a rollback, what it takes back. */
export function headingOf(
  steps: readonly Pick<RunStep, 'id' | 'title'>[],
  { id, title }: Pick<RunStep, 'id' | 'title'>,
  { unit, asks }: { readonly unit: string; readonly asks: boolean },
): string {
  const [owner, undo] = id.split('/');
  const back = undo === undefined ? '' : `Rollback of “${steps.find((step) => step.id === owner)?.title ?? owner}”: `;
  if (asks) return `${back}may this be done?`.replace(/^./, (first) => first.toUpperCase());
  const which = unit === id ? '' : ` (${unit})`;
  return `${back}a person does this: ${title}${which}`.replace(/^./, (first) => first.toUpperCase());
}
