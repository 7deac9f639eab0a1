import { type Decision, isRun } from '../blocks/decision.js';
import type { Section } from '../markdown/document.js';
import { sectionWithRole } from '../rules/standing.js';

/**
 * Which of the steps a rollback is for, by the section that it stands in: part of what a review is about. Nothing where that is all of them.
 */
export function withScope(decisions: readonly Decision[]): readonly Decision[] {
  const steps = decisions.filter(canBeTakenBack);
  const within = new Map<Section, { first: number; count: number }>();
  for (const [at, { block }] of steps.entries())
    for (let section: Section | undefined = block.section; section !== undefined; section = section.parent) {
      const known = within.get(section);
      if (known === undefined) within.set(section, { first: at, count: 1 });
      else known.count += 1;
    }
  return decisions.map((decision) => {
    const found = isUndoing(decision) ? within.get(around(decision, within) ?? decision.block.section) : undefined;
    if (found === undefined || found.count === steps.length) return decision;
    return { ...decision, scope: `${found.first}+${found.count}` };
  });
}

/** The nearest section around it that does something, as in the plan. */
function around({ block }: Decision, within: ReadonlyMap<Section, unknown>): Section | undefined {
  let section: Section | undefined = takenBackIn(rollbackSection(block));
  while (section !== undefined && !within.has(section)) section = section.parent;
  return section;
}

/** The section that is the rollback, around a block of it. */
export function rollbackSection({ section }: Decision['block']): Section {
  return sectionWithRole(section, 'rollback', 'cleanup') ?? section;
}

/** From where outward the steps are looked for: a section that is no rollback as a whole holds what a part of it takes back. */
export function takenBackIn(own: Section): Section {
  return sectionWithRole(own, 'rollback', 'cleanup') === undefined ? own : (own.parent ?? own);
}

const isUndoing = ({ label, rule, undoes, asStep }: Decision): boolean =>
  rule !== 'marked-rollback' && asStep !== true && (label === 'rollback' || undoes === true);

const canBeTakenBack = ({ label, undoes }: Decision): boolean =>
  isRun({ label }) || (label === 'manual' && undoes !== true);
