/** One line of a document, with what it is. Code, comments and front matter stand in their places, but say nothing as text. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Columns before the first character that is no blank; a tab reaches to the next multiple of four. */
  readonly indent: number;
  /** Without the blanks on both sides; of text, without the comments in it. */
  readonly text: string;
  readonly kind: 'text' | 'blank' | 'code' | 'comment';
}

const FENCE = /^(`{3,}|~{3,})/;

/**
 * The lines of a Markdown document, read from top to bottom once: what a fence or a comment that nothing closes holds, goes to
 * the end of the file, as Markdown has it.
 */
export function readLines(text: string): Line[] {
  const reader = new LineReader();
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((raw, index) => reader.read(raw, index + 1));
}

class LineReader {
  #fence: string | undefined;
  #comment = false;
  #front = false;

  read(raw: string, number: number): Line {
    const trimmed = raw.trim();
    const at = { number, indent: trimmed === '' ? 0 : indentOf(raw), text: trimmed };
    if (number === 1 && trimmed === '---') this.#front = true;
    else if (this.#front) this.#front = trimmed !== '---' && trimmed !== '...';
    else return this.#body(at, trimmed);
    return { ...at, kind: 'comment' };
  }

  #body(at: Omit<Line, 'kind'>, trimmed: string): Line {
    const fence = this.#comment ? undefined : FENCE.exec(trimmed)?.[1];
    if (this.#fence !== undefined) {
      if (fence?.startsWith(this.#fence) && trimmed === fence) this.#fence = undefined;
      return { ...at, kind: 'code' };
    }
    if (fence !== undefined) {
      this.#fence = fence;
      return { ...at, kind: 'code' };
    }
    const wasComment = this.#comment;
    const text = this.#withoutComments(trimmed);
    if (text === '') return { ...at, text, kind: wasComment || trimmed !== '' ? 'comment' : 'blank' };
    return { ...at, text, kind: 'text' };
  }

  #withoutComments(text: string): string {
    if (!this.#comment && !text.includes('<!--')) return text;
    let kept = '';
    let at = 0;
    while (at < text.length) {
      const mark = this.#comment ? '-->' : '<!--';
      const next = text.indexOf(mark, at);
      if (!this.#comment) kept += text.slice(at, next < 0 ? text.length : next);
      if (next < 0) break;
      this.#comment = !this.#comment;
      at = next + mark.length;
    }
    return kept.trim();
  }
}

function indentOf(raw: string): number {
  let columns = 0;
  for (const char of raw) {
    if (char === '\t') columns += 4 - (columns % 4);
    else if (char === ' ' || char === '\u3000') columns += 1;
    else break;
  }
  return columns;
}

/** A heading's level and text; undefined for any other line. Closing `#` and marks of emphasis are no part of the text. */
export function headingOf({ kind, text, indent }: Line): { level: number; text: string } | undefined {
  if (kind !== 'text' || indent > 3 || !text.startsWith('#')) return undefined;
  const level = /^#{1,6}(?=\s)/.exec(text)?.[0].length;
  if (level === undefined) return undefined;
  return {
    level,
    text: text
      .slice(level)
      .trim()
      .replace(/\s#{1,20}$/, '')
      .replaceAll('**', '')
      .trim(),
  };
}
