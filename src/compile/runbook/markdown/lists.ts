import type { Lines, ListItem, Section } from './document.js';

type Draft = { -readonly [Key in keyof ListItem]: ListItem[Key] };
type Open = { readonly item: Draft | undefined; readonly texts: string[]; readonly said: string[] };

/** What the parser knows of a list item when it begins. */
export interface ItemStart {
  readonly ordered: boolean;
  /** Markdown of its first paragraph; empty when it begins with something else. */
  readonly first: string;
  readonly lines: Lines;
  readonly section: Section;
  /** What stands before its list. */
  readonly lead: string;
}

/** `[ ]` or `[x]` at the start of an item. */
export const CHECKBOX = /^\[([ xX])\](?:\s+|$)/;
/** An entry of a table of contents: nothing but a link into this document. */
const CONTENTS_ENTRY = /^\[[^[\]]*\]\(#[^()\s]*\)$/;

/** The list items that are open. Plain bullets give their text to the item around them. */
export class OpenItems {
  readonly #open: Open[] = [];

  /** The innermost numbered or ticked item. */
  get current(): ListItem | undefined {
    return this.#open.findLast(({ item }) => item !== undefined)?.item;
  }

  /** Returns the item when it is one of its own, nothing for a plain bullet. */
  enter({ ordered, first, lines, section, lead }: ItemStart): ListItem | undefined {
    const box = CHECKBOX.exec(first);
    const marker = box === null ? 'number' : 'checkbox';
    const text = { text: '', said: '', holdsCode: false, checked: box !== null && box[1] !== ' ' };
    const own = box !== null || (ordered && !CONTENTS_ENTRY.test(first.trim()));
    const item: Draft | undefined = own
      ? { kind: 'item', marker, ...text, lines, section, lead, parent: this.current }
      : undefined;
    this.#open.push({ item, texts: [], said: [] });
    return item;
  }

  /** What the open ones begin with, the innermost first. */
  get openings(): string[] {
    return this.#open.map(({ texts }) => texts[0] ?? '').reverse();
  }

  get nested(): boolean {
    return this.#open.length > 0;
  }

  /** A paragraph in the innermost item: its plain text, and the same with its line breaks. */
  text(text: string, said: string): void {
    this.#open.at(-1)?.texts.push(text);
    this.#open.at(-1)?.said.push(said);
  }

  code(): void {
    for (const { item } of this.#open) if (item !== undefined) item.holdsCode = true;
  }

  leave(): void {
    const left = this.#open.pop();
    if (left === undefined) return;
    const [text, said] = [joined(left.texts), joined(left.said)];
    if (left.item !== undefined) Object.assign(left.item, { text, said });
    else if (text !== '') this.text(`- ${text}`, `- ${said}`);
  }
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');
