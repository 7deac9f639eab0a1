import type { Syntax } from './syntax.js';

/** A word of a command. */
export interface Word {
  /** Without quotes when it is a plain literal, else as written. */
  readonly text: string;
  /** No expansion in it: the program sees exactly `text`. Globs count as literals. */
  readonly literal: boolean;
  readonly node: Syntax;
}

/** Reads a word of the tree. `script` is the text people wrote, not the masked one. */
export function wordOf(node: Syntax, script: string): Word {
  const text = literalOf(node, script);
  return { text: text ?? script.slice(node.start, node.end), literal: text !== undefined, node };
}

function literalOf(node: Syntax, script: string): string | undefined {
  const raw = script.slice(node.start, node.end);
  switch (node.type) {
    case 'word':
    case 'number':
    case 'test_operator':
    case 'regex':
    case 'variable_name':
      return node.children.length > 0 ? undefined : raw.replace(/\\\n/g, '').replace(/\\(.)/gs, '$1');
    case 'raw_string':
      return raw.slice(1, -1);
    case 'string':
      return node.children.some((child) => child.type !== '"' && child.type !== 'string_content')
        ? undefined
        : unescapeDouble(raw.slice(1, -1));
    case 'command_name':
    case 'concatenation':
      return join(node, script);
    default:
      // A lone token, such as the `$` of `"^x"$`.
      return node.children.length === 0 && !node.type.endsWith('_string') ? raw : undefined;
  }
}

function join(node: Syntax, script: string): string | undefined {
  let whole = '';
  for (const child of node.children) {
    const text = literalOf(child, script);
    if (text === undefined) return undefined;
    whole += text;
  }
  return whole;
}

/** What a shell hands on of the inside of double quotes, expansions left as written. */
export function unescapeDouble(text: string): string {
  return text.replace(/\\\n/g, '').replace(/\\(["\\$`])/g, '$1');
}

/** What another shell gets to read when a word is its script: `'…'` and `"…"` without their quotes, expansions as written. */
export function innerScript(word: Word): string {
  if (word.literal) return word.text;
  return word.node.type === 'string' ? unescapeDouble(word.text.slice(1, -1)) : word.text;
}
