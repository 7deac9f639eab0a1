import { entry } from '#kit/entry.js';
import { type Decision, isInTurn } from '../blocks/decision.js';
import { isActingWork, isChangingWork } from '../blocks/work.js';
import type { CodeBlock, Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { namesWay } from '../words/headings.js';
import { phrase } from '../words/phrase.js';

/** What was done so far, when blocks are read in their order: whether there is something to look at. */
export class Progress {
  /** The code block before. */
  before: CodeBlock | undefined;
  worked = false;
  #workedIn: Section | undefined;
  #ranIn: Section | undefined;
  #checked: CodeBlock | undefined;
  #acted: CodeBlock | undefined;
  #way: Section | undefined;
  readonly #ways = new Map<Section, Section | undefined>();

  /** Another scenario begins anew: nothing of the one before was done. */
  enter(section: Section): void {
    const own = entry(this.#ways, section, () => wayAround(section));
    if (own !== undefined && own !== this.#way) this.worked = false;
    this.#way = own;
  }

  note(decision: Decision): void {
    const { block, label, facts } = decision;
    const acts = () => facts !== undefined && isActingWork(facts);
    if (block.kind === 'code') {
      this.before = block;
      if (label === 'verify') this.#checked = block;
      if (label === 'run' && acts()) this.#acted = block;
      if (label === 'run') this.#ranIn = block.section;
    }
    if (!isWork(decision)) return;
    this.worked = true;
    if (acts()) this.#workedIn = block.section;
  }

  /** In this section, something was done that is known to change something. */
  workedIn(section: Section): boolean {
    return this.worked && this.#workedIn === section;
  }

  /** In this section, something was run, whatever it does. */
  ranIn(section: Section): boolean {
    return this.#ranIn === section;
  }

  isBelowCheck(block: CodeBlock): boolean {
    return this.#checked !== undefined && this.#checked === this.before && isRightBelow(block, this.#checked);
  }

  isBelowDeed(block: CodeBlock): boolean {
    return this.#acted !== undefined && this.#acted === this.before && isRightBelow(block, this.#acted);
  }
}

/** Nothing is said between the two. */
function isRightBelow(block: CodeBlock, above: CodeBlock): boolean {
  return block.section === above.section && block.item === above.item && block.intro === '';
}

/** The nearest section around it that is one of several ways: "Scenario B". */
function wayAround(section: Section): Section | undefined {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) if (namesWay(at.heading)) return at;
  return undefined;
}

/** Whether it leaves something behind that can be looked at. */
function isWork(decision: Decision): boolean {
  const { block, label, facts, undoes } = decision;
  if (undoes === true) return false;
  if (label === 'manual') return block.kind === 'code' || !LOOKS.test(said(block).slice(0, MOST_LOOKED));
  return isInTurn(decision) && (facts === undefined || isChangingWork(facts));
}

/** It begins so, if at all; letters without a Latin form are looked at once for each that stands before them. */
const MOST_LOOKED = 200;
/** What a person only looks at changes nothing. */
const LOOKS = phrase(
  /^\W*(?:\p{L}+ly )?(?:visit|view|check|verify|confirm|review|identify|navigate|log ?in|click|look|read|note|record|find|locate|determine|ensure|make sure|go to|prüfen|vérifier|verificar|comprobar)\b/iu,
);
