import type { Decision } from '../blocks/decision.js';
import type { Block, CodeBlock, Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { sentencesOf } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { saysInTurn } from '../words/reached.js';
import { restrictionAbove } from '../words/restricted.js';
import { saysNextOnly, saysStop, saysWait, wantedFirst } from '../words/says-first.js';
import { leadingComment } from '../words/text.js';

/** A sentence that wants something first, and the case or way that it was said in. */
export interface Wanted {
  readonly text: string;
  readonly within: string | undefined;
  /** Without a yes nothing that follows is done. */
  readonly stops: boolean;
  /** It says on which machine. */
  readonly where?: true;
  /** Without a yes nothing of this section is done: it stands above all of it. */
  readonly section?: Section;
}

export const wantedIn =
  (within: string | undefined, above: readonly string[] = [], section?: Section) =>
  (text: string): Wanted => ({
    text,
    within,
    stops: saysStop(text),
    ...(section !== undefined && above.includes(text) ? { section } : {}),
  });

/**
 * What is wanted of all that follows in a section, above its first block or a list: no wait, and not what announces the block alone.
 *
 * @param isFirst the block is the first of its section
 */
export function wantedAbove({ told, intro, leads }: CodeBlock, isFirst: boolean): readonly string[] {
  const part = told.findIndex(({ text, bold }) => bold && wantedFirst(text).length === 0);
  const first = isFirst ? told.slice(0, part < 0 ? told.length : part) : [];
  return told
    .filter((one) => leads.includes(one.text) || (first.includes(one) && !/[:：]\P{L}*$/u.test(one.text)))
    .flatMap(({ text }) =>
      wantedFirst(text).filter((one) => !saysWait(one) && !saysInTurn(one) && !(text === intro && saysNextOnly(one))),
    );
}

/** On which machine all of it is to be done: whether this is that one. */
export function wantedWhere({ enters = [] }: Decision): Wanted[] {
  return enters.map((text) => ({ text, within: undefined, stops: true, where: true }));
}

/** What stands beside it is about the document, and not about a block that is not for the reader: by its form it is no step. */
export function isTold({ label, rule }: Decision): boolean {
  return label !== 'leave_out' || NO_STEP.has(rule);
}

const NO_STEP: ReadonlySet<string> = new Set([
  'empty',
  'other-language',
  'sql-without-database',
  'sql-transaction',
  'not-a-request',
  'session-without-prompt',
  'untagged-not-commands',
  'script-file',
  'crontab',
  'configuration',
  'text-not-command',
  'holds-output',
  'shown-output',
  'not-parsed',
  'file-content',
  'says-file',
  'named-file',
  'says-quoted',
]);

/** Who does a block by hand reads what is wanted before it; what follows is not done for all that. */
export function ownWants(decision: Decision): string[] {
  if (decision.label === 'leave_out') return [];
  const wanted = wantedBefore(decision);
  return decision.label === 'manual' ? wanted.filter(saysStop) : wanted;
}

export function wantedBefore(decision: Decision): string[] {
  const { script, choice } = decision;
  // The sentence that is its case is asked by its input.
  const isCase = (one: string) => choice?.says !== undefined && !saysStop(one) && one.startsWith(choice.says);
  const found = wantedBeside(decision).filter((one) => !isCase(one) && (!saysWait(one) || !WAITING.test(script)));
  const restricted = restrictionAbove(script);
  return restricted === undefined ? found : [...found, restricted];
}

export function wantedBeside({ block, script }: Decision): string[] {
  const { intro, item, told, around } = block as CodeBlock;
  const texts = [...told.map(({ text }) => text), intro === '' ? said(item) : intro, leadingComment(script)];
  // "Try these in order until it is well again:" is asked before each of them.
  return [...around.flatMap(sentencesOf).filter(saysInTurn), ...texts.flatMap(wantedFirst)];
}

/** Its own commands wait. */
const WAITING = /\b(?:wait|sleep|until|while|watch|rollout status|pg_isready|retry|--timeout)\b/i;

/**
 * What the text below the last block of a section, or of an item, wants; else the next block knows what stands above it, but for plain bullets:
 * "- More than 200: go to step 2".
 */
export function saidBelow({ outro, section, item }: CodeBlock, next: Block | undefined): readonly string[] {
  const isAbove = next?.section === section && (item === undefined || (next.kind === 'code' && next.item === item));
  if (next === undefined) return [];
  return isAbove ? wantedFirst(outro).filter(saysStop) : wantedFirst(outro);
}

/** What the text above its heading wants: of the sections around it, whose text is about all that stands below, and of those that ended without a block. */
export function passedWants({ passed, section }: CodeBlock, before: CodeBlock | undefined): Wanted[] {
  return passed.flatMap(({ text, section: of }) => {
    const isAround = holds(of, section);
    if (!isAround && of !== before?.section && !NAMES_GATE.test(of.heading)) return [];
    return wantedFirst(text).map((one) => ({
      text: one,
      within: undefined,
      stops: saysStop(one) || (isAround && !saysWait(one)),
    }));
  });
}

function holds(around: Section, section: Section): boolean {
  for (let at = section.parent; at !== undefined; at = at.parent) if (at === around) return true;
  return false;
}

/** "Step 3: Approval", with no block below it. */
const NAMES_GATE = phrase(
  /^\P{L}*(?:step|phase|schritt|étape|paso|passo|krok|шаг)\s*\d|(?<!\p{L})(?:approvals?|sign-?offs?|go\W*no-?go|gates?|before you (?:begin|start|continue)|freigaben?|genehmigung|approbation|validation|aprobación|aprovação|approvazione|согласование|akceptacja)(?!\p{L})|批准|审批|承認/iu,
);
