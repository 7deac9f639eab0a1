import { nameOf } from './name-of.js';
import { VERDICT_WORDS } from './verdict.js';

/** A step that was done, as far as its word goes. */
export interface DoneStep {
  readonly status: string;
  readonly word: string | null;
  /** Whoever confirmed it, or said how it ended. */
  readonly person: { readonly by: string } | null;
  /** Of a step with `forEach`. */
  readonly items?: { readonly total: number } | null;
}

const EXIT_CODE_ONLY = VERDICT_WORDS[2];

/** What a step is shown with whose `forEach` had an empty list: its tool was never called, so nothing is claimed of it. */
export const NO_ITEMS = 'no items';

/**
 * What a step that is done rests on, as it is shown. A person who says so is no exit code: the record keeps the word `exit code
 * only` and, beside it, who said what.
 */
export function doneWord({ word, person, items }: Omit<DoneStep, 'status'>): string {
  if (items?.total === 0) return NO_ITEMS;
  if (person !== null && (word === null || word === EXIT_CODE_ONLY)) return `confirmed by ${nameOf(person.by)}`;
  return word ?? 'done';
}

/**
 * What a run that is called proven rests on where that is not one and the same for all its steps: `1 proven, 1 exit code only`.
 * Undefined where one word says it all.
 */
export function restsOn(steps: readonly DoneStep[]): string | undefined {
  const counts = new Map<string, number>(VERDICT_WORDS.map((word) => [word, 0]));
  for (const { status, word, person, items = null } of steps) {
    if (status !== 'done') continue;
    const shown = doneWord({ word, person, items });
    if (shown === NO_ITEMS) continue;
    const kind = shown.startsWith('confirmed by ') ? 'confirmed by a person' : shown;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const found = [...counts].filter(([, count]) => count > 0);
  return found.length < 2 ? undefined : found.map(([word, count]) => `${count} ${word}`).join(', ');
}
