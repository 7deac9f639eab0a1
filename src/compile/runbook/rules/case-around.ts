import { conditionIn } from '../blocks/conditions.js';
import { isTimeOf } from '../words/heading-times.js';
import { caseAside, namesCase, onlyAside } from '../words/headings.js';
import { firstSentence } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { wantsFirst } from '../words/says-first.js';
import type { Subject } from './rule.js';

/** The case that a block is for by what stands around it: the items that it stands in, their lead, the headings below the title, what was told above it. */
export function caseAround(subject: Subject): string | undefined {
  const found = [caseInItems(subject), caseInHeadings(subject), subject.openCase];
  return found.find((one) => one !== undefined && !(subject.standing.readme && WISH.test(one)));
}

/** "If you wish to build it yourself, follow these steps:" tells in a README what its section is for. */
const WISH = /\bif you(?:['’]d| would)? (?:wish|want|like|prefer|plan|intend)\b/i;

/** "2. If the disk has failed:", above nested items that hold the code. */
function caseInItems({ block: { around, leads }, intro, standing }: Subject): string | undefined {
  for (const [i, text] of around.entries()) {
    const answer = ANSWER.exec(text);
    // "Is the replica broken?", above "Yes: …" and "No: …": each is an answer that somebody gives.
    if (answer !== null) return [around.slice(i + 1).find((one) => /[?？]\W*$/.test(one)), answer[1]].join(' ').trim();
    // "Only proceed if the lag is zero.", above a list, is asked of all of it.
    const isLead = leads.includes(text) && standing.place !== 'rollback';
    if ((text === intro || isLead) && wantsFirst(text)) continue;
    const first = firstSentence(text);
    if (text === intro && wantsFirst(first)) continue;
    const found = conditionIn(text) ?? (namesCase(first) ? conditionIn(first) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

const ANSWER = phrase(
  /^\P{L}*((?:yes|no|ja|nein|oui|non|sí|si|sim|não|sì|да|нет|tak|nie)(?=\P{L}*$|\s*[:,;.]|\s[–—-]\s)|(?:是|否|はい|いいえ)(?=\P{L}))/iu,
);

/** The line that opens a `<details>` heads what is in it, like a heading. */
function caseInHeadings({ block: { tab }, standing: { below, headings } }: Subject): string | undefined {
  const title = titleAbove(headings);
  const own = below.filter((heading) => !isTimeOf(title, heading));
  const heads = tab === undefined ? own : [tab.label, ...own];
  const cases = heads.map((heading) => conditionIn(heading, caseAside(heading)) ?? onlyAside(heading));
  return cases.find((one) => one !== undefined);
}

/** The outermost heading, which says what the whole document is about. */
export function titleAbove(headings: readonly string[]): string {
  return headings.findLast((heading) => heading !== '') ?? '';
}
