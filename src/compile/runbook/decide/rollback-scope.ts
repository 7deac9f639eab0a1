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
  const isPart = partsThatTakeBack(decisions.filter(isUndoing).map(({ block }) => rollbackSection(block)));
  const around = ({ block }: Decision): Section | undefined => {
    let section: Section | undefined = takenBackIn(rollbackSection(block), isPart);
    while (section !== undefined && !within.has(section)) section = section.parent;
    return section;
  };
  return decisions.map((decision) => {
    const found = isUndoing(decision) ? within.get(around(decision) ?? decision.block.section) : undefined;
    if (found === undefined || found.count === steps.length) return decision;
    return { ...decision, scope: `${found.first}+${found.count}` };
  });
}

/** The section that is the rollback, around a block of it. */
export function rollbackSection({ section }: Decision['block']): Section {
  return sectionWithRole(section, 'rollback', 'cleanup') ?? section;
}

/** Sections that are no rollback as a whole and hold one, where there are several: each takes back what it does. */
export function partsThatTakeBack(own: readonly Section[]): ReadonlySet<Section> {
  const parts = new Set(own.filter((section) => sectionWithRole(section, 'rollback', 'cleanup') === undefined));
  return parts.size > 1 ? parts : new Set();
}

/** From where outward the steps that a rollback takes back are looked for. */
export function takenBackIn(own: Section, parts: ReadonlySet<Section>): Section {
  return parts.has(own) ? own : (own.parent ?? own);
}

const isUndoing = ({ label, rule, undoes, asStep }: Decision): boolean =>
  rule !== 'marked-rollback' && asStep !== true && (label === 'rollback' || undoes === true);

const canBeTakenBack = ({ label, undoes }: Decision): boolean =>
  isRun({ label }) || (label === 'manual' && undoes !== true);
