import type { Problem } from '../../problems.js';
import type { Path } from '../../yaml.js';

/** Lines of the file as people count them: from 1, both inclusive. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** A heading and what stands below it. The document itself is the section of level 0. */
export interface Section {
  /** Plain text, without markup and without our annotations; empty for the document itself. */
  readonly heading: string;
  /** As GitHub makes anchors (`#rotate-the-key`, `-1` for the second of a name); unique in the document. */
  readonly slug: string;
  readonly level: number;
  readonly lines: Lines;
  readonly parent: Section | undefined;
  readonly attributes: Attributes;
  /** Plain text of its first paragraphs, before its code and subsections; not much more than what announces them. */
  readonly says: string;
}

/**
 * What an info string or the end of a heading says beside the language: `{verify}`, `timeout=30s`, `if=inputs.fast`, Runme's
 * `{"name":"build","background":"true"}` and `{ name=build background=true }`. A bare word has the value "true". Keys as
 * written.
 */
export type Attributes = ReadonlyMap<string, string>;

/** A paragraph, as plain text. */
export interface Told {
  readonly text: string;
  /** It is bold as a whole, as headings are. */
  readonly bold: boolean;
}

/** What was told where no code followed before the next heading. */
export interface Passed {
  readonly text: string;
  readonly section: Section;
}

/** A fenced or indented code block. */
export interface CodeBlock {
  readonly kind: 'code';
  /** First word of the info string, lower case, without a leading dot or brace; empty when there is none. */
  readonly language: string;
  readonly attributes: Attributes;
  /** Without the fence and without the indentation of the list item that it stands in. Ends without a line end. */
  readonly text: string;
  /** With the fences. */
  readonly lines: Lines;
  readonly section: Section;
  readonly item: ListItem | undefined;
  /** Plain text of the paragraph or item text right before it in the same section or item; empty when there is none. */
  readonly intro: string;
  /** The same right after it, up to the next block or heading. */
  readonly outro: string;
  /** The stretches of the outro that are written as code. */
  readonly outroCode: readonly string[];
  /** What the items that it stands in begin with, and what stands before their lists: each from the nearest outward. */
  readonly around: readonly string[];
  /** The latter alone. */
  readonly leads: readonly string[];
  /** The paragraphs outside of lists since the heading, or since the code block before it. */
  readonly told: readonly Told[];
  /** Such paragraphs of the sections that ended, or went on below a heading, since the code block before it. */
  readonly passed: readonly Passed[];
  /** The tab, `<details>`, or similar that holds it. Two with the same group are alternatives of each other. */
  readonly tab: { readonly group: string; readonly label: string } | undefined;
  readonly fenced: boolean;
}

/** A numbered or ticked list item. Plain bullets are text. */
export interface ListItem {
  readonly kind: 'item';
  readonly marker: 'number' | 'checkbox';
  readonly checked: boolean;
  /** Plain text of its own paragraphs, without nested items and code. */
  readonly text: string;
  /** The same with the line breaks inside its paragraphs. */
  readonly said: string;
  readonly lines: Lines;
  readonly section: Section;
  readonly parent: ListItem | undefined;
  /** Plain text of the paragraph right before the list that it stands in, the outermost when lists are nested. */
  readonly lead: string;
  /** A code block stands in it or in an item below it. */
  readonly holdsCode: boolean;
}

export type Block = CodeBlock | ListItem;

/** A Markdown file as a runbook compiler sees it: sections and, in document order, what may become steps. */
export interface RunbookDocument {
  /** Of the front matter, else the first heading of level 1, else the file's name. */
  readonly title: string;
  /** The front matter as data; undefined when there is none. Not yet validated. */
  readonly frontMatter: unknown;
  /** Line in the file of what stands at a path of the front matter; undefined when there is none. */
  readonly lineOf: ((path: Path) => number) | undefined;
  /** Why the front matter, which is for other programs, could not be read. */
  readonly fault: Problem | undefined;
  readonly sections: readonly Section[];
  readonly blocks: readonly Block[];
}
