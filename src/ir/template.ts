/** One part of a string: text as is, or the source of an expression and where it begins in the string. */
export type TemplatePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'expression'; readonly source: string; readonly offset: number };

/** `{{` without its `}}`. */
export class UnclosedExpression extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('"{{" is never closed by "}}"');
    this.name = 'UnclosedExpression';
    this.offset = offset;
  }
}

const OPEN = '{{';
const CLOSE = '}}';
/** Written where a literal `{{` is meant. */
const ESCAPED = '{{{{';

/**
 * The parts of a string in order. `{{{{` stands for a literal `{{`; a `}}` outside an expression is text. Inside an
 * expression braces and quotes are balanced, so that `{{ {"a": "}}"} }}` is one expression.
 * @throws UnclosedExpression
 */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  for (let open = text.indexOf(OPEN, at); open !== -1; open = text.indexOf(OPEN, at)) {
    literal += text.slice(at, open);
    if (text.startsWith(ESCAPED, open)) {
      literal += OPEN;
      at = open + ESCAPED.length;
      continue;
    }
    const close = endOfExpression(text, open + OPEN.length);
    if (close === -1) throw new UnclosedExpression(open);
    if (literal !== '') parts.push({ type: 'text', text: literal });
    parts.push({ type: 'expression', source: text.slice(open + OPEN.length, close), offset: open + OPEN.length });
    literal = '';
    at = close + CLOSE.length;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ type: 'text', text: literal });
  return parts;
}

/** Whether the string holds anything for `parseTemplate` to do; a cheap test that spares most strings the parse. */
export function hasTemplate(text: string): boolean {
  return text.includes(OPEN);
}

/**
 * A string for people before it is filled in: each expression by its words, an input by its name alone, as in `Deploy ‹ref›`.
 * What is no template stands as it is: one odd title must not cost a whole list.
 */
export function namedTemplate(text: string): string {
  const named = (source: string) => `‹${source.trim().replace(/^inputs\./, '')}›`;
  try {
    return parseTemplate(text)
      .map((part) => (part.type === 'text' ? part.text : named(part.source)))
      .join('');
  } catch (error) {
    if (error instanceof UnclosedExpression) return text;
    throw error;
  }
}

/** Index of the `}}` that closes the expression starting at `from`, or -1. */
function endOfExpression(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'") i = endOfQuote(text, i);
    else if (char === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    else if (char === '}' && text[i + 1] === '}') return i;
  }
  return -1;
}

/** Index of the last character of the quoted string that starts at `from`; the text's end when it is never closed. */
function endOfQuote(text: string, from: number): number {
  const mark = text.charAt(from);
  const triple = mark.repeat(3);
  const quote = text.startsWith(triple, from) ? triple : mark;
  for (let i = from + quote.length; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text.startsWith(quote, i)) return i + quote.length - 1;
  }
  return text.length;
}
