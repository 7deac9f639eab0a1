import type { Decision } from '../blocks/decision.js';
import { clip } from '../blocks/names.js';
import type { Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';

/** What keeps a block out is the case that a heading above it names. */
const FOR_A_CASE: ReadonlySet<string> = new Set(['case-section', 'symptom-section']);

/**
 * Sections that hold commands for a case of which nobody knows beforehand whether it is one ("If the disk is full"), so that nothing in
 * them is done: the outermost ones, in document order. Whoever meets the case runs them by their names.
 */
export function casesLeftOut(decisions: readonly Decision[]): readonly Section[] {
  const codes = decisions.filter(({ block }) => block.kind === 'code');
  const isOut = (section: Section) =>
    codes.every(({ label, block }) => label === 'leave_out' || !isWithin(block.section, section));
  const outermost = (own: Section) => {
    let found = own;
    for (let at = own.parent; at !== undefined && at.parent !== undefined && at.level > 0 && isOut(at); at = at.parent)
      found = at;
    return found;
  };
  const forCases = codes.filter(({ label, rule }) => label === 'leave_out' && FOR_A_CASE.has(rule));
  return [...new Set(forCases.map(({ block }) => outermost(block.section)))].filter(({ slug }) => slug !== '');
}

const MOST_NAMED = 8;

/** One sentence that names them, for a warning. @param file as it is named in messages */
export function casesText(sections: readonly Section[], file: string): string {
  const named = sections.slice(0, MOST_NAMED).map(({ heading, slug }) => `"${clip(heading)}" (#${slug})`);
  const more = sections.length > MOST_NAMED ? ` and ${sections.length - MOST_NAMED} more` : '';
  return `Left out, as nobody knows beforehand whether they are needed: ${named.join(', ')}${more}. To do what one of them says, run it by its name: ${file}#SECTION`;
}
