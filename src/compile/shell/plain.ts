import type { Syntax, SyntaxTree } from './syntax.js';

/** Letters and signs that mean nothing to a shell, and what is quoted on one line without expansions and escapes. */
const QUOTED = `"[^"$\`\\\\]*"|'[^']*'`;
const WORD = `(?:[\\w./:@%,+=~-]|${QUOTED})+`;
const PIECES = new RegExp(`[\\w./:@%,+=~-]+|${QUOTED}`, 'g');
const WORDS = new RegExp(WORD, 'g');
const COMMENT = /^[ \t]*#/;
/** Of the first word no part is quoted or set; the lines that a command goes on with may begin with any. */
const COMMAND = new RegExp(`^[ \\t]*(?:[A-Za-z]|\\.{0,2}/)[\\w./-]*(?:[ \\t]+${WORD})*[ \\t]*$`);
const CONTINUED = new RegExp(`^[ \\t]*${WORD}(?:[ \\t]+${WORD})*[ \\t]*$`);
const KEYWORD =
  /^[ \t]*(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|function|select|in|export|declare|typeset|local|readonly|unset|unsetenv|coproc)\b/;
const LONGEST = 2_000;

/**
 * The tree of lines of plain words, which most commands of documents are, of comments and blank lines, without asking the parser: many
 * times faster. Undefined for everything else.
 */
export function plainSyntaxOf(script: string): SyntaxTree | undefined {
  if (script.length > LONGEST) return undefined;
  const children: Syntax[] = [];
  let words: Syntax[] = [];
  let start = 0;
  for (const line of script.split('\n')) {
    const goesOn = line.endsWith(' \\');
    const text = goesOn ? line.slice(0, -1) : line;
    if (words.length === 0 && !goesOn && COMMENT.test(text)) {
      const from = start + text.indexOf('#');
      children.push({ type: 'comment', start: from, end: start + text.length, children: [] });
    } else if (words.length > 0 || goesOn || text.trim() !== '') {
      if (words.length > 0 ? !CONTINUED.test(text) : !COMMAND.test(text) || KEYWORD.test(text)) return undefined;
      for (const { 0: word, index } of text.matchAll(WORDS)) words.push(wordAt(word, start + index));
      if (!goesOn) {
        children.push(commandOf(words));
        words = [];
      }
    }
    start += line.length + 1;
  }
  if (words.length > 0) return undefined;
  return { root: { type: 'program', start: 0, end: script.length, children }, hasError: false };
}

function wordAt(word: string, start: number): Syntax {
  const pieces = (word.match(PIECES) ?? []).map((piece) => {
    const type = piece.startsWith('"') ? 'string' : piece.startsWith("'") ? 'raw_string' : 'word';
    const node = { type, start, end: start + piece.length, children: [] };
    start = node.end;
    return node;
  });
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  return { type: 'concatenation', start: start - word.length, end: start, children: pieces };
}

function commandOf(words: readonly Syntax[]): Syntax {
  const [first, ...rest] = words;
  const name = first && { ...first, type: 'command_name', children: [first] };
  return {
    type: 'command',
    start: first?.start ?? 0,
    end: words.at(-1)?.end ?? 0,
    children: name ? [name, ...rest] : [],
  };
}
