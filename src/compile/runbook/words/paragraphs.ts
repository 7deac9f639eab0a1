import { isCodeLine } from './text.js';

/** A stretch of a script between blank lines: its comment on top, and its commands. Lines from 0. */
export interface Paragraph {
  readonly from: number;
  /** The line after its last. */
  readonly to: number;
  readonly comment: readonly string[];
  /** Further comments stand between its commands. */
  readonly mixed: boolean;
}

/** Those that hold commands. */
export function paragraphsOf(lines: readonly string[]): Paragraph[] {
  const found: Paragraph[] = [];
  let from = 0;
  for (let at = 0; at <= lines.length; at += 1) {
    if (at < lines.length && (lines[at] ?? '').trim() !== '') continue;
    const begun = lines.slice(from, at).findIndex(isCodeLine);
    if (begun >= 0) {
      const mixed = lines.slice(from + begun, at).some((line) => !isCodeLine(line));
      found.push({ from, to: at, comment: lines.slice(from, from + begun), mixed });
    }
    from = at + 1;
  }
  return found;
}

/** Gives the line that holds a place of the script. */
export function lineFinder(lines: readonly string[]): (offset: number) => number {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
