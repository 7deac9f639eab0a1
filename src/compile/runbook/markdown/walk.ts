import type { Token } from 'markdown-it';
import type { Block, CodeBlock, Lines, Passed, RunbookDocument, Told } from './document.js';
import { type Unfenced, unfence } from './fence.js';
import { readInfoString } from './info-string.js';
import { CHECKBOX, OpenItems } from './lists.js';
import { Outline } from './sections.js';
import { CONTAINER_CLOSE, CONTAINER_OPEN } from './tabs.js';
import { OpenContainers } from './tabs-open.js';
import { codeIn, readText } from './text.js';

/** The tempered end keeps many unclosed headings from taking quadratic time. */
const HTML_HEADING = /<h([1-6])\b[^<>]*>((?:(?!<h[1-6])[\s\S]){0,1000}?)<\/h\1\s*>/gi;

/** Rules look at sentences, and some take quadratic time over them: of a longer text before or after code only what is nearest to it counts. */
const MOST_SAID = 2_000;

const BOLD = /^(?:\*\*[^*]+\*\*|__[^_]+__)[:：]?$/;

type Draft = { -readonly [Key in keyof CodeBlock]: CodeBlock[Key] };

/** Follows the parser's tokens and keeps where it is: section, list items, containers, and the text before and after code. */
export class MarkdownWalk {
  readonly #lines: readonly string[];
  readonly #outline: Outline;
  readonly #items = new OpenItems();
  readonly #containers = new OpenContainers();
  readonly #blocks: Block[] = [];
  /** The text that a code block would have as its intro. */
  #before = '';
  /** The code block whose outro has not come yet. */
  #after: Draft | undefined;
  #quotes = 0;
  /** Between the comments that docsify's tabs stand between. */
  #inTabs = false;
  /** What stands before each list that is open, the outermost first. */
  readonly #leads: string[] = [];
  /** What was said last stands in an item: it leads no list that follows that of the item. */
  #beforeInItem = false;
  #told: Told[] = [];
  #passed: Passed[] = [];

  /** @param lines of the file; those of the front matter empty */
  constructor(lines: readonly string[]) {
    this.#lines = lines;
    this.#outline = new Outline(lines.length);
  }

  result(): Pick<RunbookDocument, 'sections' | 'blocks'> {
    return { sections: this.#outline.sections, blocks: this.#blocks };
  }

  /** One token; the two that follow it hold its text. */
  token(token: Token, next: Token | undefined, afterNext: Token | undefined): void {
    switch (token.type) {
      case 'heading_open':
        return this.#heading(Number(token.tag.slice(1)), next?.content ?? '', this.#linesOf(token).from);
      case 'paragraph_open':
        return this.#paragraph(next?.content ?? '');
      case 'fence':
      case 'code_block':
        return this.#code(unfence(token), this.#linesOf(token));
      case 'ordered_list_open':
      case 'bullet_list_open':
        this.#leads.push(this.#beforeInItem && !this.#items.nested ? '' : this.#before);
        return;
      case 'ordered_list_close':
      case 'bullet_list_close':
        this.#leads.pop();
        return;
      case 'list_item_open': {
        const first = next?.type === 'paragraph_open' ? (afterNext?.content ?? '') : '';
        return this.#enterItem(/[.)]/.test(token.markup), first, this.#linesOf(token));
      }
      case 'list_item_close':
        return this.#leaveItem();
      case CONTAINER_OPEN:
        return this.#enterContainer(token, this.#linesOf(token).from);
      case CONTAINER_CLOSE:
        return this.#leaveContainer(next, this.#linesOf(token).to);
      case 'html_block':
        return this.#html(token.content, this.#linesOf(token).from);
      case 'blockquote_open':
        this.#quotes += 1;
        return;
      case 'blockquote_close':
        this.#quotes -= 1;
        return;
      case 'table_open':
      case 'hr':
        return this.#forgetText();
    }
  }

  #linesOf({ map }: Token): Lines {
    return { from: (map?.[0] ?? 0) + 1, to: map?.[1] ?? this.#lines.length };
  }

  /** A heading inside a list or a quotation structures that, not the document. */
  #heading(level: number, markdown: string, line: number): void {
    if (this.#quotes > 0 || this.#items.nested) return this.#paragraph(markdown);
    const section = this.#outline.current;
    for (const { text } of this.#told) this.#passed.push({ text, section });
    this.#outline.heading(level, markdown, line);
    this.#told = [];
    this.#forgetText();
  }

  #paragraph(markdown: string): void {
    const { text, lines } = readText(markdown.replace(CHECKBOX, ''));
    if (this.#items.nested) this.#items.text(text, lines);
    else {
      this.#outline.text(text);
      this.#told.push({ text: text.slice(-MOST_SAID), bold: BOLD.test(markdown.trim()) });
    }
    this.#beforeInItem = this.#items.nested;
    if (this.#after !== undefined) {
      this.#after.outro = text.slice(0, MOST_SAID);
      this.#after.outroCode = codeIn(markdown.slice(0, MOST_SAID));
    }
    this.#after = undefined;
    this.#before = text.slice(-MOST_SAID);
  }

  #code({ info, text, fenced }: Unfenced, { from, to }: Lines): void {
    // Only a fence that nothing closes ends with blank lines.
    const last = this.#lastFilled(from, to);
    const filled =
      last < to
        ? text
            .split('\n')
            .slice(0, last - to)
            .join('\n')
        : text;
    const { language, attributes, label } = readInfoString(info);
    this.#items.code();
    this.#outline.code();
    const leads = this.#leads.toReversed().map((one) => one.slice(0, MOST_SAID));
    const block: Draft = {
      kind: 'code',
      language,
      attributes,
      text: filled,
      lines: { from, to: last },
      section: this.#outline.current,
      item: this.#items.current,
      intro: this.#before,
      outro: '',
      outroCode: [],
      around: [...this.#items.openings.map((one) => one.slice(0, MOST_SAID)), ...leads],
      leads,
      told: this.#told,
      passed: this.#passed,
      tab: this.#containers.tab(label ?? attributes.get('title') ?? language),
      fenced,
    };
    this.#told = [];
    this.#passed = [];
    this.#blocks.push(block);
    this.#after = block;
    if (!this.#containers.holdsLabelledCode) this.#before = '';
  }

  #enterItem(ordered: boolean, first: string, { from, to }: Lines): void {
    const item = this.#items.enter({
      ordered,
      first,
      lines: { from, to: this.#lastFilled(from, to) },
      section: this.#outline.current,
      lead: this.#leads[0] ?? '',
    });
    this.#before = '';
    if (item === undefined) return;
    this.#blocks.push(item);
    this.#after = undefined;
  }

  #leaveItem(): void {
    this.#items.leave();
    this.#after = undefined;
  }

  #enterContainer({ markup, info }: Token, line: number): void {
    this.#before = this.#containers.enter(markup, info, { line, intro: this.#before });
    this.#after = undefined;
    this.#outline.enterContainer();
    // `!!! danger "Do not run on the primary"`: a title of several words is said of what stands below it; most are cautions.
    if (markup === 'plain' && info.split(/\s+/).length > 2)
      this.#paragraph(/\b(?:run|use|execute)\b/i.test(info) ? info : `${info}.`);
  }

  #leaveContainer(next: Token | undefined, last: number): void {
    this.#containers.leave(next?.type === CONTAINER_OPEN ? next.markup : undefined);
    this.#outline.leaveContainer(last);
    this.#forgetText();
  }

  /** Many a README writes its headings as `<h1 align="center">`. */
  #html(html: string, line: number): void {
    this.#docsifyTabs(html, line);
    let [at, passed] = [line, 0];
    for (const { 1: level, 2: text = '', index } of html.matchAll(HTML_HEADING)) {
      at += html.slice(passed, index).split('\n').length - 1;
      passed = index;
      this.#heading(Number(level), text.trim(), at);
    }
  }

  /** Its tabs are headings between two comments; what stands below the second belongs to none of them. */
  #docsifyTabs(html: string, line: number): void {
    const [, mark] = /^\s*<!--\s*tabs:\s*(start|end)\s*-->/i.exec(html) ?? [];
    if (mark === undefined || (mark === 'end') !== this.#inTabs) return;
    this.#inTabs = mark === 'start';
    if (this.#inTabs) return this.#outline.enterContainer();
    this.#outline.leaveContainer(line - 1);
    this.#forgetText();
  }

  /** The last line of the range that is not blank. */
  #lastFilled(from: number, to: number): number {
    let last = to;
    while (last > from && (this.#lines[last - 1] ?? '').trim() === '') last -= 1;
    return last;
  }

  #forgetText(): void {
    this.#before = '';
    this.#after = undefined;
  }
}
