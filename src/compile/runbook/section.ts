import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { isWithin } from './assemble-draft.js';
import type { Decision } from './decision.js';
import type { RunbookDocument, Section } from './document.js';

/**
 * @param slug with or without its `#`
 * @throws OpsroomError RUNBOOK_SECTION that names a neighbour
 */
export function findSection(document: RunbookDocument, slug: string, file: string): Section {
  const wanted = decoded(slug.replace(/^#/, '')).toLowerCase();
  const found = document.sections.find((section) => section.slug !== '' && section.slug.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const slugs = document.sections.map((section) => section.slug).filter((name) => name !== '');
  throw new OpsroomError('RUNBOOK_SECTION', {
    what: `The runbook has no section "#${wanted}".`,
    where: file,
    mend: [didYouMean(wanted, slugs), anchorsText(slugs)].filter((text) => text !== undefined && text !== '').join(' '),
  });
}

/** Most anchors that a message names; of the others their number. */
const NAMED = 12;

/** `Its sections are #a, #b and 3 more.` */
export function anchorsText(slugs: readonly string[]): string {
  if (slugs.length === 0) return '';
  const shown = slugs.slice(0, NAMED).map((slug) => `#${slug}`);
  const more = slugs.length > NAMED ? ` and ${slugs.length - NAMED} more` : '';
  return `Its sections are ${shown.join(', ')}${more}.`;
}

/**
 * Leaves out what lies outside of a section, but for what belongs to it: preconditions that stand for all (in a section around
 * it, or beside it), and the checks and the rollback of the section around it when that section has no other procedure.
 */
export function withinSection(decisions: readonly Decision[], section: Section): Decision[] {
  const inside = (decision: Decision) => isWithin(decision.block.section, section);
  const others = decisions.some((decision) => !inside(decision) && acts(decision) && isBeside(decision, section));
  return decisions.map((decision) => {
    if (inside(decision) || decision.label === 'leave_out') return decision;
    if (decision.label === 'precondition' && isForAll(decision, section)) return decision;
    const belongs = !others && (decision.label === 'verify' || decision.label === 'rollback');
    if (belongs && isBeside(decision, section)) return decision;
    return { ...decision, label: 'leave_out', rule: 'other-section', why: `it is not part of "${section.heading}"` };
  });
}

function acts({ label }: Decision): boolean {
  return label === 'run' || label === 'choice';
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
