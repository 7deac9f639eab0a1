/** A stretch of what a person is told: words, or lines that are run or pasted as they stand. */
export interface ToldPart {
  readonly code: boolean;
  readonly text: string;
}

const INDENT = /^(?: {4}|\t)/;

/** Words and code of what the room tells: code stands on lines of its own, four blanks in, as documents write it. */
export function toldParts(told: string): ToldPart[] {
  const parts: { code: boolean; lines: string[] }[] = [];
  for (const line of told.split('\n')) {
    const last = parts.at(-1);
    // An empty line goes on with what it follows: a block of code may have one.
    const code = line.trim() === '' ? last?.code === true : INDENT.test(line);
    if (last?.code === code) last.lines.push(line);
    else parts.push({ code, lines: [line] });
  }
  return parts
    .map(({ code, lines }) => ({
      code,
      text: code ? lines.map((line) => line.replace(INDENT, '')).join('\n') : lines.join('\n'),
    }))
    .map(({ code, text }) => ({ code, text: code ? text.replace(/^\n+/, '').trimEnd() : text.trim() }))
    .filter(({ text }) => text !== '');
}
