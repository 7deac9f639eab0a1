import type { Token } from 'markdown-it';

export interface Unfenced {
  readonly info: string;
  readonly text: string;
  readonly fenced: boolean;
}

/**
 * Content and info string of a code token. A fence indented deeper than its list item allows is indented code to CommonMark, but
 * people mean a fence.
 */
export function unfence({ type, info, content }: Token): Unfenced {
  const text = content.replace(/\n$/, '');
  if (type === 'fence') return { info: info.trim(), text, fenced: true };
  const [first = '', ...rest] = text.split('\n');
  const [, margin = '', fence, inner = ''] = /^([ \t]*)(`{3,}|~{3,})([^`]*)$/.exec(first) ?? [];
  const isEnd = (line: string): boolean =>
    fence !== undefined && line.trim().startsWith(fence) && /^(`+|~+)$/.test(line.trim());
  if (fence === undefined || rest.findIndex(isEnd) !== rest.length - 1 || rest.length === 0) {
    return { info: '', text, fenced: false };
  }
  const lines = rest
    .slice(0, -1)
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.trimStart()));
  return { info: inner.trim(), text: lines.join('\n'), fenced: true };
}

/** A line that closes a fence, and what it lacks before it to be one. */
export interface StrayEnd {
  readonly line: number;
  readonly margin: string;
}

/**
 * The end of a fence that stands further to the left than the list item which the fence stands in. To CommonMark the item ends
 * there and the line opens a fence of its own, which takes in the rest of the document; people mean the end.
 */
export function strayEnd(tokens: readonly Token[], lines: readonly string[]): StrayEnd | undefined {
  for (const { type, level, map, markup } of tokens) {
    if (type !== 'fence' || level === 0 || map === null) continue;
    const [first, end] = map;
    const [margin = ''] = /^[ \t]*/.exec(lines[first] ?? '') ?? [];
    const isOpen = !isEndOf(markup, lines[end - 1] ?? '') || end - first === 1;
    const next = lines[end] ?? '';
    if (isOpen && isEndOf(markup, next) && next.search(/\S/) < margin.length) return { line: end, margin };
  }
  return undefined;
}

function isEndOf(markup: string, line: string): boolean {
  const text = line.trim();
  return text.startsWith(markup) && /^(`+|~+)$/.test(text);
}
