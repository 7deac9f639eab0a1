import { conditionIn } from '../blocks/conditions.js';
import type { CodeBlock, ListItem, Passed, Section, Told } from '../markdown/document.js';
import { namesCase, namesEmergency } from '../words/headings.js';
import { firstSentence } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { wantsFirst } from '../words/says-first.js';

/** "If the primary is unreachable, do the following.": it reaches further than the next block. */
const FOLLOWS = phrase(
  /\b(?:(?:do|perform|run|take|use|follow|proceed with|carry out) (?:all (?:of )?)?(?:the following|these|the steps below)|(?:proceed|continue) (?:as follows|like this|with the following)|the following steps|(?:go|work) through (?:the following|these))\b|(?<!\p{L})(?:wie folgt|folgendes|folgende schritte|comme suit|les étapes suivantes|lo siguiente|los siguientes pasos|los pasos siguientes|o seguinte|os seguintes passos|quanto segue|i seguenti passi|следующее|следующие шаги)(?!\p{L})|(?:执行)?以下(?:步骤|操作)|以下の手順/iu,
);

/** "In any case, restart it:" ends what was for some case only. */
const CLOSES = phrase(
  /^\W*(?:in (?:any|every|either|each|all) cases?|either way|regardless|always|in jedem fall|jedenfalls|immer|dans tous les cas|toujours|en (?:cualquier|todo) caso|siempre|em (?:qualquer|todo) caso|sempre|in ogni caso|в любом случае|всегда|w każdym (?:razie|przypadku)|zawsze)(?!\p{L})|^\P{L}*(?:无论如何|いずれの場合も)/iu,
);

/** `> [!WARNING]`: what it says is said of all that stands below it. */
const CALLOUT = /^\[!\w+\]\s*(?:(?:only|do|run|use)\b|[^.]*\b(?:this|these|below|following)\b)/i;

/** "This section is only for clusters that lost quorum." */
const ALL_BELOW = phrase(
  /^\W*(?:(?:this|these|the following) (?:\w+ )?(?:sections?|procedures?|parts?|chapters?|steps?|instructions?)\b|only\b)|^\P{L}*(?:dieser abschnitt|diese schritte|nur|cette section|ces étapes|(?:seulement|uniquement)|esta sección|estos pasos|solo|sólo|esta seção|estes passos|somente|apenas|questa sezione|questi passi|soltanto)(?!\p{L})/iu,
);

/** The case that was told above a block and of which nothing has said yet that it is over. Blocks are asked about in their order. */
export class OpenCase {
  #before: CodeBlock | undefined;
  #says: string | undefined;
  /** It covers what has words of its own, too. */
  #wide = false;
  /** Of sections whose text above their first sub-heading says one. */
  readonly #sections = new Map<Section, string>();
  /** The item that it was told in, at whose end it is over. */
  #within: ListItem | undefined;

  of(block: CodeBlock): string | undefined {
    const { section, item, intro, told, around, passed } = block;
    for (const one of passed) this.#readAbove(one);
    const saysNothing = told.length === 0 && intro === '' && item === this.#before?.item;
    if (section !== this.#before?.section || !(this.#wide || saysNothing) || !this.#holds(item)) this.#close();
    this.#before = block;
    for (const one of told) this.#read(one, one.text === intro, around.includes(one.text));
    // What stands in an item is not told to those outside of it; what the item begins with is known to all of its blocks.
    if (item !== undefined && intro !== '' && !around.includes(intro) && !told.some(({ text }) => text === intro)) {
      const before = this.#says;
      this.#read({ text: intro, bold: false }, true, false);
      if (this.#says !== undefined && this.#says !== before) this.#within = item;
    }
    return this.#says ?? this.#around(section);
  }

  /** The title is no such section: what stands below it is for the case that the whole document is about. */
  #readAbove({ text, section }: Passed): void {
    const says = [text, firstSentence(text)].map((one) => conditionIn(one)).find((one) => one !== undefined);
    if (section.level < 2 || says === undefined || wantsFirst(says)) return;
    if (FOLLOWS.test(text) || ALL_BELOW.test(says)) this.#sections.set(section, says);
  }

  #around({ parent }: Section): string | undefined {
    for (let at = parent; at !== undefined; at = at.parent) {
      const says = this.#sections.get(at);
      if (says !== undefined) return says;
    }
    return undefined;
  }

  /** @param leads it stands before the list that the block stands in, and covers that */
  #read({ text, bold }: Told, isIntro: boolean, leads: boolean): void {
    const says = conditionIn(text) ?? (namesCase(text) || (bold && namesEmergency(text)) ? text : undefined);
    if (says !== undefined) {
      const follows = FOLLOWS.test(text) || (!isIntro && /[:：]\W*$/.test(text));
      const announces = bold || CALLOUT.test(text) || (follows && !leads);
      // "If you use Docker:" inside of a case is a case of its own; behind it the one around it goes on.
      if (this.#wide && !announces) return;
      // "If the list looks right, delete:" is asked when the block is reached.
      if (!announces && (wantsFirst(text) || wantsFirst(firstSentence(text)))) return;
      this.#says = leads && !announces ? undefined : says;
      this.#wide = announces;
    } else if (!this.#wide || bold || CLOSES.test(text)) this.#close();
  }

  #holds(item: ListItem | undefined): boolean {
    if (this.#within === undefined) return true;
    for (let one = item; one !== undefined; one = one.parent) if (one === this.#within) return true;
    return false;
  }

  #close(): void {
    this.#says = undefined;
    this.#wide = false;
    this.#within = undefined;
  }
}
