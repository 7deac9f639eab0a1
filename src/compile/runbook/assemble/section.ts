import { nearest } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { type Decision, isRun } from '../blocks/decision.js';
import { anchorsText } from '../markdown/anchors.js';
import type { RunbookDocument, Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';
import { sectionWithRole } from '../rules/standing.js';
import { withoutItsCase } from './asked-for.js';

/**
 * @param slug with or without its `#`
 * @throws OpsroomError RUNBOOK_SECTION that names a neighbour
 */
export function findSection(document: RunbookDocument, slug: string, file: string): Section {
  const wanted = decoded(slug.replace(/^#/, '')).toLowerCase();
  const found = document.sections.find((section) => section.slug !== '' && section.slug.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const slugs = document.sections.map((section) => section.slug).filter((name) => name !== '');
  const near = nearest(wanted, slugs);
  const mend = [
    near === undefined ? '' : `Did you mean "${near}"?`,
    anchorsText(slugs) || 'It has none: name the file.',
  ];
  throw new OpsroomError('RUNBOOK_SECTION', {
    what: `The runbook has no section "#${wanted}".`,
    where: file,
    mend: mend.filter((text) => text !== '').join(' '),
  });
}

/**
 * Leaves out what lies outside of a section, but for what belongs to it: preconditions that stand for all (in a section around
 * it, or beside it), what people do as such, and the checks and the rollback of the section around it when that section has no other procedure.
 */
export function withinSection(given: readonly Decision[], section: Section): Decision[] {
  const inside = (decision: Decision) => isWithin(decision.block.section, section);
  const takesBack = takesBackOnly(given.filter(inside));
  const decisions = given.map((one) => {
    if (!inside(one)) return one;
    return withoutItsCase(takesBack ? takenBack(one) : one, section);
  });
  const others = decisions.some((decision) => !inside(decision) && isRun(decision) && isBeside(decision, section));
  const works = given.some((decision) => inside(decision) && isRun(decision));
  return decisions.map((decision) => {
    if (inside(decision) || decision.label === 'leave_out') return decision;
    if (decision.label === 'precondition' && isForAll(decision, section)) return decision;
    if (works && isAskedBefore(decision) && isForAll(decision, section)) return decision;
    const belongs = !others && (decision.label === 'verify' || decision.label === 'rollback');
    if (belongs && isBeside(decision, section)) return decision;
    return { ...decision, label: 'leave_out', rule: 'other-section', why: `it is not part of "${section.heading}"` };
  });
}

/**
 * Whether it is the title's section and no block lies outside of it: naming it chooses nothing. What lies between its first block and
 * its last is in it.
 */
export function isWhole(decisions: readonly Decision[], section: Section): boolean {
  const ends = [decisions[0], decisions.at(-1)];
  const isOutermost = section.parent === undefined || section.parent.level === 0;
  return isOutermost && ends.every((one) => one === undefined || isWithin(one.block.section, section));
}

/**
 * The anchors that are worth naming to somebody who wants a part: of each block that does something the outermost section around it
 * that is not the whole; where nothing does, of what people do.
 */
export function anchorsOf(decisions: readonly Decision[]): string[] {
  const outermost = ({ block }: Decision): string => {
    const around: Section[] = [];
    for (let at: Section | undefined = block.section; at !== undefined; at = at.parent) around.push(at);
    return around.filter(({ slug }) => slug !== '').findLast((one) => !isWhole(decisions, one))?.slug ?? '';
  };
  const doing = decisions.filter(isRun);
  const shown =
    doing.length > 0 ? doing : decisions.filter(({ label, undoes }) => label === 'manual' && undoes !== true);
  return [...new Set(shown.map(outermost))].filter((slug) => slug !== '');
}

/** Whether what stands in the section takes something back, and nothing else: who names it wants that done. */
function takesBackOnly(inside: readonly Decision[]): boolean {
  return !inside.some(isRun) && inside.some(({ label }) => label === 'rollback');
}

function takenBack(decision: Decision): Decision {
  const { undoes: _, ...rest } = decision;
  if (decision.label !== 'rollback') return rest;
  const why = 'the section that was asked for takes something back: it is a step of it';
  return { ...rest, label: 'run', rule: 'rollback-asked-for', why };
}

/** "Announce it", under prerequisites: who runs a section that does something does that first, too. */
function isAskedBefore({ label, block, undoes }: Decision): boolean {
  return label === 'manual' && undoes !== true && sectionWithRole(block.section, 'prerequisite') !== undefined;
}

/** In the section around, directly or in a section below it. */
function isBeside({ block }: Decision, { parent }: Section): boolean {
  return parent !== undefined && isWithin(block.section, parent);
}

/** A prerequisite stands for all of the section that its own heading stands in. */
function isForAll({ block }: Decision, section: Section): boolean {
  const scope = block.section.parent ?? block.section;
  return isWithin(section, scope);
}

/** Anchors are copied from address bars. */
function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}
