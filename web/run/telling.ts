import { hasEnded } from '#ir/state.js';
import type { Tab } from './address.js';
import type { Run, RunStep } from './data.js';

const LOUDEST: readonly RunStep['status'][] = ['failed', 'unknown', 'waiting', 'retrying', 'running'];

/**
 * The step that a reader who chose none most probably wants: what asks, what went wrong, what waits, what runs, what came last.
 *
 * @param asking the step that stands at the top of the page
 */
export function tellingStep(
  { steps, asks }: Pick<Run, 'steps' | 'asks'>,
  asking: RunStep | undefined,
): RunStep | undefined {
  // A rollback asks after something has failed: nothing goes on until that is answered.
  if (asking) return asking;
  const unknown = steps.find(({ id }) => id === asks?.step);
  if (unknown) return unknown;
  for (const status of LOUDEST) {
    const found = steps.find((step) => step.status === status);
    if (found) return found;
  }
  return steps.findLast(({ status }) => status !== 'pending' && status !== 'skipped') ?? steps[0];
}

/** The tab that tells most of a step in its state, for a reader who chose none. */
export function tellingTab({ status }: Pick<RunStep, 'status'>): Tab {
  if (status === 'running') return 'logs';
  return status === 'done' ? 'verdicts' : 'overview';
}

/** A button of the head of a run. */
export interface HeadAction {
  readonly id: 'pause' | 'resume' | 'cancel' | 'failed' | 'from' | 'edit' | 'fresh' | 'rollback';
  readonly text: string;
  readonly key: string;
  /** Why it cannot be used now. */
  readonly why: string | undefined;
}

/** How the room begins to say that somebody may not. */
const NO_PERMISSION = 'You have not the permission';

/**
 * The buttons of a run, from the table that the room keeps to as well. Of a run that has ended, pausing and cancelling are not
 * offered: there is nothing that they could ever act on.
 */
export function headActions(run: Pick<Run, 'actions' | 'status' | 'inputs'>, step: string | undefined): HeadAction[] {
  const why = (action: Run['actions'][number]['action']) =>
    run.actions.find((state) => state.action === action)?.why ?? undefined;
  const going = !hasEnded(run.status);
  const again = why('rerun');
  const resumes = run.status === 'paused' || run.status === 'pausing';
  const stopping: HeadAction[] = [
    resumes
      ? { id: 'resume', text: 'Resume', key: 'p', why: why('resume') }
      : { id: 'pause', text: 'Pause', key: 'p', why: why('pause') },
    { id: 'cancel', text: 'Cancel', key: 'x', why: why('cancel') },
  ];
  const failed: HeadAction = { id: 'failed', text: 'Re-run what was not done', key: 'a', why: again };
  const from = step === undefined ? 'here' : step.split('/')[0];
  return [
    ...(going ? stopping : []),
    ...(!going && run.status !== 'succeeded' ? [failed] : []),
    { id: 'from', text: `Re-run from ${from}`, key: 'r', why: step === undefined ? 'Choose a step.' : again },
    {
      id: 'edit',
      text: 'Edit inputs',
      key: 'e',
      why: Object.keys(run.inputs).length === 0 ? 'The plan has no inputs.' : again,
    },
    { id: 'fresh', text: 'Start one like this', key: 's', why: again?.startsWith(NO_PERMISSION) ? again : undefined },
    { id: 'rollback', text: 'Roll back', key: 'b', why: why('rollback') },
  ];
}

const FIRST = new Set<HeadAction['id']>(['pause', 'resume', 'cancel', 'failed']);

/**
 * Which actions have a button of their own; the others stand in a menu. What an ended run allows is what one comes for; of ways to
 * run it again, one button is the answer.
 */
export function inSight({ id, why }: HeadAction, status: Run['status']): boolean {
  if (id === 'fresh' || (id === 'from' && status !== 'succeeded')) return false;
  return FIRST.has(id) || (hasEnded(status) && why === undefined);
}
