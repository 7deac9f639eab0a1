import { hasEnded, type RunStatus, whyNot } from './state.js';

/** What can be asked of many runs at once. */
export const BULK_ACTIONS = ['cancel', 'rerun', 'archive', 'unarchive'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** More at once is refused: whoever confirms should be able to read the list. */
export const MOST_AT_ONCE = 500;

/** What decides whether an action applies to a run. */
export interface BulkFacts {
  readonly status: RunStatus;
  readonly archived: boolean;
  /** The plan undoes what was done when a run is cancelled. */
  readonly undoesOnCancel?: boolean;
}

/** What an action does to one run, or why it does nothing. */
export interface BulkEffect {
  readonly applies: boolean;
  /** One sentence. */
  readonly what: string;
}

const will = (what: string): BulkEffect => ({ applies: true, what });
const not = (what: string): BulkEffect => ({ applies: false, what });

/** What would become of a run. The server and the page decide by this one function. */
export function bulkEffect(action: BulkAction, run: BulkFacts): BulkEffect {
  if (action === 'cancel') return cancelled(run);
  if (action === 'rerun') return runAgain(run);
  return action === 'archive' ? archived(run) : unarchived(run);
}

function cancelled({ status, undoesOnCancel }: BulkFacts): BulkEffect {
  const why = whyNot('cancel', status);
  if (why !== undefined) return not(why);
  if (status === 'queued') return will('Ends before it begins.');
  return will(
    undoesOnCancel
      ? 'Running steps are stopped, then what was done is undone, as its plan says.'
      : 'Running steps are stopped; what was done stays as it is.',
  );
}

function runAgain({ status }: BulkFacts): BulkEffect {
  const why = whyNot('rerun', status);
  if (why !== undefined) return not(why);
  if (status === 'succeeded') return not('The run succeeded: nothing of it is left to run.');
  return will('Starts a new run from what was not done, or was undone; what was done is kept with its proofs.');
}

function archived({ status, archived: already }: BulkFacts): BulkEffect {
  if (!hasEnded(status)) return not(`The run has not ended: it is ${status}.`);
  return already ? not('The run is archived already.') : will('Leaves the lists; its records and proofs stay.');
}

function unarchived({ archived: already }: BulkFacts): BulkEffect {
  return already ? will('Is in the lists again.') : not('The run is not archived.');
}
