import type { Attributes, Section } from './document.js';
import { readHeadingAttributes } from './info-string.js';
import { headingText, plainText } from './text.js';

/** Rules look at what it says. */
const MOST_HEADING = 1_000;
/** What announces subsections comes first. */
const MOST_SAID = 400;

type Draft = { -readonly [Key in keyof Section]: Section[Key] };

/** Sections in the making. A section ends before the next heading of its level or above, or with the container it stands in. */
export class Outline {
  readonly #sections: Draft[];
  readonly #slugs = new Map<string, number>([['', 0]]);
  #open: Draft[];
  /** How many open sections a heading may not close, because they stand outside its container. */
  readonly #floors: number[] = [1];
  /** The section that the last code stands in. */
  #begun: Section | undefined;

  constructor(lastLine: number) {
    const root = { heading: '', slug: '', level: 0, parent: undefined, attributes: NO_ATTRIBUTES, says: '' };
    this.#sections = [{ ...root, lines: { from: 1, to: lastLine } }];
    this.#open = [...this.#sections];
  }

  get sections(): readonly Section[] {
    return this.#sections;
  }

  /** The innermost section that is open. */
  get current(): Section {
    const section = this.#open.at(-1);
    if (section === undefined) throw new Error('the section of the document never closes');
    return section;
  }

  /** @param markdown the heading's text with its markup; @param from its line, counted from 1 */
  heading(level: number, markdown: string, from: number): void {
    const { text, attributes } = readHeadingAttributes(markdown);
    this.#close((section) => section.level >= level, from - 1);
    const parent = this.current;
    const lines = { from, to: parent.lines.to };
    const plain = plainText(text);
    const section = {
      heading: headingText(plain).slice(0, MOST_HEADING),
      slug: this.#slug(plain),
      level,
      lines,
      parent,
      attributes,
      says: '',
    };
    this.#sections.push(section);
    this.#open.push(section);
  }

  /** A paragraph that stands in no list. */
  text(text: string): void {
    const section = this.#open.at(-1);
    if (section !== undefined && section !== this.#begun && section.says.length < MOST_SAID)
      section.says = `${section.says} ${text}`.slice(0, MOST_SAID);
  }

  /** What is said behind code announces no section. */
  code(): void {
    this.#begun = this.#open.at(-1);
  }

  enterContainer(): void {
    this.#floors.push(this.#open.length);
  }

  /** @param last the last line of the container */
  leaveContainer(last: number): void {
    this.#close(() => true, last);
    this.#floors.pop();
  }

  #close(ends: (section: Section) => boolean, last: number): void {
    const floor = this.#floors.at(-1) ?? 1;
    for (let top = this.#open.at(-1); top !== undefined && this.#open.length > floor; top = this.#open.at(-1)) {
      if (!ends(top)) return;
      top.lines = { from: top.lines.from, to: Math.max(top.lines.from, last) };
      this.#open.pop();
    }
  }

  #slug(plain: string): string {
    const slug = slugOf(plain);
    let candidate = slug;
    for (let count = this.#slugs.get(slug) ?? 0; this.#slugs.has(candidate); ) {
      count += 1;
      candidate = `${slug}-${count}`;
      this.#slugs.set(slug, count);
    }
    this.#slugs.set(candidate, 0);
    return candidate;
  }
}

const NO_ATTRIBUTES: Attributes = new Map();

/** Text whose letters are told without tables of Unicode. */
const ASCII = /^[ -~]*$/;

/** GitHub's anchor for a heading's visible text; emoji fall away, the space beside them becomes a hyphen. */
function slugOf(text: string): string {
  const lower = text.toLowerCase();
  const kept = ASCII.test(lower)
    ? lower.replace(/[^a-z0-9_ -]/g, '')
    : lower.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '');
  return kept.replace(/ /g, '-');
}
