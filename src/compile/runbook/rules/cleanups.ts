import { type Decision, isDeed } from '../blocks/decision.js';
import type { RunbookDocument, Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';
import { namesFailed } from '../words/headings.js';
import { roleOf } from '../words/roles.js';

/**
 * Sections that clean up beside a rollback of the same steps: what takes back is told there, so they remove what the procedure
 * leaves when all went well, above all what the rollback reads.
 *
 * @param takesBack whether a section is a rollback, whatever stands around it
 */
export function cleanupsOfSuccess(
  { sections }: RunbookDocument,
  takesBack: (section: Section) => boolean,
): ReadonlySet<Section> {
  const cleaning = sections.filter(({ heading }) => roleOf(heading) === 'cleanup' && !namesFailed(heading));
  if (cleaning.length === 0) return new Set();
  const rollbacks = sections.filter((one) => roleOf(one.heading) !== 'cleanup' && takesBack(one));
  const beside = (one: Section) => (rollback: Section) =>
    !isWithin(one, rollback) &&
    !isWithin(rollback, one) &&
    (rollback.parent === undefined || isWithin(one, rollback.parent));
  return new Set(cleaning.filter((one) => rollbacks.some(beside(one))));
}

/**
 * A person does it: what it removes a rollback may need, which any step behind it that fails would set off, and no check and no review
 * of the file tells whether all went well this time. What its author marked is done as it says.
 */
export function cleaningUp(decision: Decision): Decision {
  if (!isDeed(decision) || decision.rule.startsWith('marked-')) return decision;
  const { asStep: _, parts: __, ...rest } = decision;
  return {
    ...rest,
    label: 'manual',
    rule: 'cleans-up-last',
    why: 'it may remove what a rollback still needs, so a person does it once all went well',
    background: undefined,
    ask: undefined,
    choice: undefined,
    weak: false,
  };
}
