import type { Block, CodeBlock, ListItem, Section, Told } from '../markdown/document.js';
import type { Place } from '../rules/place-of-heading.js';
import type { Standing } from '../rules/standing.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';
import { namesWayBack } from '../words/ways-back.js';

/** The bold line that heads a rollback, of each block that it heads. */
export type BoldRollbacks = ReadonlyMap<Block, string>;

/** "**Backing out**", a bold line alone: what stands below it, up to the next bold line or heading, takes back as below a heading. */
export function boldRollbacks(blocks: readonly Block[]): BoldRollbacks {
  const found = new Map<Block, string>();
  const bySection = new Map<Section, string | undefined>();
  let items: ListItem[] = [];
  const note = (block: Block, heading: string | undefined) => {
    if (heading !== undefined) found.set(block, heading);
  };
  const noteItems = (next?: CodeBlock) => {
    for (const item of items) {
      const told = next?.section === item.section ? upTo(item.lead, next.told) : [{ text: item.lead, bold: true }];
      const head = headOf(told);
      note(item, head === undefined ? bySection.get(item.section) : head.back);
    }
    items = [];
  };
  for (const block of blocks) {
    if (block.kind === 'item') {
      items.push(block);
      continue;
    }
    noteItems(block);
    const head = headOf(block.told);
    if (head !== undefined) bySection.set(block.section, head.back);
    note(block, bySection.get(block.section));
  }
  noteItems();
  return found;
}

/** The same standing, or that below a rollback where a bold line heads one and blocks are done. */
export function belowBold(standing: Standing, heading: string | undefined): Standing {
  if (heading === undefined || !DONE.has(standing.place)) return standing;
  const { headings, below } = standing;
  return { ...standing, place: 'rollback', headings: [heading, ...headings], below: [heading, ...below] };
}

const DONE: ReadonlySet<Place> = new Set<Place>(['procedure', 'elsewhere', 'verify']);

/** What was told up to the list, of what was told up to the next code. */
function upTo(lead: string, told: readonly Told[]): readonly Told[] {
  return told.slice(0, told.findLastIndex(({ text }) => text === lead) + 1);
}

/** The last bold line: `back` is its text where it heads a rollback. */
function headOf(told: readonly Told[]): { readonly back: string | undefined } | undefined {
  const bold = told.findLast((one) => one.bold);
  return bold && { back: headsRollback(bold.text) ? bold.text : undefined };
}

const HEADING = phrase(
  /^\P{L}*(?:roll(?:ing)?[- ]?backs?|back(?:ing)?[- ]out|going back|undo(?:ing)?(?: it| this)?|revert(?:ing)?)(?: (?:plan|procedure|process|steps?|instructions?|commands?))?\P{L}*$/iu,
);
/** "No rollback needed", "If this fails, stop here.", "Keep the rollback window open": they say something of what is done. */
const NOTE = phrase(
  /[.!?]\P{L}*$|(?<!\p{L})(?:no|not|never|don['’]t|cannot|without|if|when|unless|until|keep|kein\p{L}*|nicht|nie|falls|wenn|pas|jamais|sans|si|sin|não|nunca|sem|non|mai|senza|не|нет|если|bez|jeśli)(?!\p{L})/iu,
);
/** More words are a sentence, which is about the next block alone. */
const MOST_WORDS = 6;
const FEW_WORDS = 3;

function headsRollback(text: string): boolean {
  if (HEADING.test(text)) return true;
  const words = text.trim().split(/\s+/).length;
  if (NOTE.test(text) || words > MOST_WORDS) return false;
  return namesWayBack(text) || (words <= FEW_WORDS && /[^\0-\x7F]/.test(text) && roleOf(text) === 'rollback');
}
