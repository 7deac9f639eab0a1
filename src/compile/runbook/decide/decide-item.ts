import type { Decision } from '../blocks/decision.js';
import type { ListItem } from '../markdown/document.js';
import type { Place } from '../rules/place-of-heading.js';
import type { Standing } from '../rules/standing.js';
import { namesEscalation } from '../words/headings.js';
import { phrase } from '../words/phrase.js';

/** Where items are explanations, features, or hints. */
const EXPLAINING: ReadonlySet<Place> = new Set<Place>(['reference', 'usage', 'development', 'uninstall', 'elsewhere']);

/** What becomes of a numbered or ticked item: it is asked of a person, unless it explains something or holds the code itself. */
export function decideItem(block: ListItem, standing: Standing, beforeCode = false): Decision {
  const { rule, label, why, undoes } = beforeCode ? HOLDS_CODE : verdictOf(block, standing);
  return {
    block,
    label,
    rule,
    why,
    form: 'shell',
    script: '',
    shown: undefined,
    facts: undefined,
    background: undefined,
    ask: undefined,
    weak: false,
    choice: undefined,
    ...(undoes === undefined ? {} : { undoes }),
  };
}

const LISTING = /\b(?:contents|toc|features|roadmap|to-?do|changelog|related|references|see also|resources|links)\b/i;
/** "- [ ] All payments fail": what is seen when the document is for the reader, and nothing to do. */
const DESCRIBING = phrase(
  /^\W*(?:[\d.]+\s+)?(?:(?:common |typical )?symptoms?|signs|indicators?|escalation criteria|when to (?:escalate|use)|symptome|anzeichen|symptômes|síntomas|sintomas|sintomi|objawy|симптомы|症状|现象|現象|증상)\W*$/iu,
);

type Verdict = Pick<Decision, 'rule' | 'label' | 'why' | 'undoes'>;
const HOLDS_CODE: Verdict = { rule: 'item-holds-code', label: 'leave_out', why: 'the code in it is what is done' };

function verdictOf(block: ListItem, { place, headings, undoes }: Standing): Verdict {
  if (block.holdsCode) return HOLDS_CODE;
  if (block.checked) return { rule: 'item-marked-done', label: 'leave_out', why: 'it is ticked as done' };
  const listing = headings.some((heading) => LISTING.test(heading));
  // What is asked of people below "Escalation" is asked in any case.
  const isForCase = place === 'case' && !headings.some(namesEscalation);
  const explains = listing || DESCRIBING.test(headings[0] ?? '') || EXPLAINING.has(place) || isForCase;
  if (explains || block.text.trim() === '')
    return { rule: 'item-elsewhere', label: 'leave_out', why: 'it stands where nothing is done' };
  const item = { rule: 'item', label: 'manual', why: 'no command is given for it, so a person does it' } as const;
  return place === 'rollback' && !undoes ? { ...item, undoes: true } : item;
}
