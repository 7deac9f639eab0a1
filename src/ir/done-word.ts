import { nameOf } from './name-of.js';
import { VERDICT_WORDS } from './verdict.js';

/** A step that was done, as far as its word goes. */
export interface DoneStep {
  readonly id: string;
  readonly status: string;
  readonly word: string | null;
  /** Whoever confirmed it, or said how it ended. */
  readonly person: { readonly by: string } | null;
  /** Of a step with `forEach`. */
  readonly items?: { readonly total: number } | null;
}

const EXIT_CODE_ONLY = VERDICT_WORDS[2];

const BY_PERSON = 'confirmed by a person';

/** What a step is shown with whose `forEach` had an empty list: its tool was never called, so nothing is claimed of it. */
export const NO_ITEMS = 'no items';

/**
 * What a step that is done rests on, as it is shown. A person who says so is no exit code: the record keeps the word `exit code
 * only` and, beside it, who said what.
 */
export function doneWord({ word, person, items }: Omit<DoneStep, 'id' | 'status'>): string {
  if (items?.total === 0) return NO_ITEMS;
  if (person !== null && (word === null || word === EXIT_CODE_ONLY)) return `confirmed by ${nameOf(person.by)}`;
  return word ?? 'done';
}

/** In the order in which they are told. */
const KINDS = [
  ...VERDICT_WORDS.filter((word) => word !== 'failed'),
  BY_PERSON,
  NO_ITEMS,
  'skipped',
  'failed',
  'unknown',
];

/**
 * How the steps of a run that has ended stand, so that it adds up to all of them: `1 proven, 1 exit code only, 1 skipped`. Those of
 * its rollback are none of them. Undefined where the run's own word says it all.
 */
export function restsOn(steps: readonly DoneStep[]): string | undefined {
  const counts = new Map<string, number>(KINDS.map((kind) => [kind, 0]));
  for (const step of steps) {
    if (step.id.includes('/')) continue;
    const kind = kindOf(step);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const found = [...counts].filter(([, count]) => count > 0);
  if (found.length === 0 || (found.length === 1 && found[0]?.[0] !== 'skipped')) return undefined;
  return found.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function kindOf(step: DoneStep): string {
  if (step.status === 'pending') return 'not begun';
  if (step.status !== 'done') return step.status;
  const shown = doneWord(step);
  return shown.startsWith('confirmed by ') ? BY_PERSON : shown;
}
