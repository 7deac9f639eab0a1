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
