import { BULK_ACTIONS, type BulkAction, bulkEffect } from '#ir/bulk.js';
import type { Command } from '../ui/commands.js';
import { runStanding, type Shown } from '../ui/state.js';
import type { RunRow } from './model.js';

/** How a run in a list looks, and the word for it: of one that waits, why. */
export const rowShown = (run: RunRow): Shown => inShort(runStanding({ ...run, asks: run.needsPerson }));

/** A row has no room for all of the longest verdict, of which the columns tell more. */
const inShort = ({ look, word }: Shown): Shown => ({ look, word: word.replace(/, not proven by this step$/, '') });

const LABELS: Readonly<Record<BulkAction, string>> = {
  cancel: 'Cancel',
  rerun: 'Re-run',
  archive: 'Archive',
  unarchive: 'Take back',
};

/** What one action would do with the selected runs. */
export interface BulkChoice {
  readonly action: BulkAction;
  readonly label: string;
  readonly applies: number;
  /** Why not, for those to which it does not apply; undefined when it applies to all. */
  readonly why: string | undefined;
}

/** The actions for a selection; taking back is offered only where something is archived. */
export function bulkChoices(runs: readonly RunRow[]): BulkChoice[] {
  const archived = runs.some((run) => run.archived);
  return BULK_ACTIONS.filter((action) => archived || action !== 'unarchive').map((action) => {
    const effects = runs.map((run) => bulkEffect(action, run));
    const applies = effects.filter((effect) => effect.applies).length;
    return { action, label: LABELS[action], applies, why: whyText(effects.filter((effect) => !effect.applies)) };
  });
}

/** The same in the palette, where it is also said how runs are chosen. */
export function selectionCommands(runs: readonly RunRow[], act: (choice: BulkChoice) => void): Command[] {
  const what =
    runs.length === 1 ? `“${runs[0]?.title}”` : runs.length === 0 ? 'what is selected' : `${runs.length} runs`;
  return bulkChoices(runs).map((choice) => ({
    id: `runs.${choice.action}`,
    text: `${choice.label}: ${what}`,
    group: 'Selected runs',
    why:
      runs.length === 0 ? 'Select runs first: X on a row, or its box.' : choice.applies === 0 ? choice.why : undefined,
    run: () => act(choice),
  }));
}

/** Each reason once, with for how many, the commonest first. */
function whyText(effects: readonly { readonly what: string }[]): string | undefined {
  if (effects.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { what } of effects) counts.set(what, (counts.get(what) ?? 0) + 1);
  const reasons = [...counts].toSorted(([, a], [, b]) => b - a);
  return reasons.map(([what, count]) => `${what.replace(/\.$/, '')} (${count})`).join('; ');
}
