import { askerText } from '../../ui/names.js';
import type { RunStep } from '../data.js';

type Said = Pick<RunStep, 'status' | 'person'>;

/** What a person said of a step, and why. */
interface Word {
  readonly what: string;
  readonly reason: string;
}

/**
 * Who settled a step: the person who spoke of it, or who said no to the step that guards it. Undefined where nobody did.
 *
 * @param asking the steps that ask whether it may be done
 */
export function settledBy(
  { status, person, asks }: Said & { readonly asks: boolean },
  asking: readonly string[],
  steps: readonly (Said & Pick<RunStep, 'id'>)[],
): Word | undefined {
  if (person !== null) return { what: `${askerText(person.by)} ${wordOf(status, asks)}`, reason: person.reason };
  if (status !== 'skipped') return undefined;
  const no = steps.find((step) => asking.includes(step.id) && step.status === 'skipped' && step.person !== null);
  if (!no?.person) return undefined;
  return { what: `Left out: ${askerText(no.person.by)} said no at ${no.id}`, reason: no.person.reason };
}

function wordOf(status: RunStep['status'], asks: boolean): string {
  if (status === 'done') return asks ? 'said yes' : 'said that it is done';
  if (status === 'skipped') return asks ? 'said no: what it asked about was left out' : 'said that it is not needed';
  return status === 'failed' ? 'said that it failed' : 'said how to go on';
}
