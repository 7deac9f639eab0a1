import type { Block, CodeBlock, Section } from '../markdown/document.js';
import type { Place } from '../rules/place-of-heading.js';
import type { Standing } from '../rules/standing.js';
import { roleOf } from '../words/roles.js';
import { namesWayBack } from '../words/ways-back.js';

/** More words are a sentence, which is about the next block alone. */
const MOST_WORDS = 6;

/**
 * "**Backing out**", a bold line alone: what stands below it, up to the next bold line or heading, takes back as below a heading. Blocks are
 * asked about in their order.
 */
export class BoldRollback {
  #section: Section | undefined;
  #heading: string | undefined;

  of(block: Block, standing: Standing): Standing {
    const heading = block.kind === 'item' ? headed(block.lead) : this.#read(block);
    if (heading === undefined || !DONE.has(standing.place)) return standing;
    const { headings, below } = standing;
    return { ...standing, place: 'rollback', headings: [heading, ...headings], below: [heading, ...below] };
  }

  #read({ section, told }: CodeBlock): string | undefined {
    if (section !== this.#section) this.#heading = undefined;
    this.#section = section;
    const bold = told.findLast((one) => one.bold);
    if (bold !== undefined) this.#heading = headed(bold.text);
    return this.#heading;
  }
}

/** Where blocks are done. */
const DONE: ReadonlySet<Place> = new Set<Place>(['procedure', 'elsewhere', 'verify']);

function headed(text: string): string | undefined {
  const isShort = text.trim().split(/\s+/).length <= MOST_WORDS;
  return isShort && (roleOf(text) === 'rollback' || namesWayBack(text)) ? text : undefined;
}
