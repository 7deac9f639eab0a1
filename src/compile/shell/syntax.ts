import type { Parser, TreeCursor } from 'web-tree-sitter';

/** A node of the syntax tree as plain data. Reading the WebAssembly tree node by node again and again costs far more than one copy. */
export interface Syntax {
  /** Of the grammar: `command`, `word`, …, or the token itself (`&&`). */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly Syntax[];
}

export interface SyntaxTree {
  readonly root: Syntax;
  readonly hasError: boolean;
}

/** Longer scripts are not read: the parser recovers from errors in more than linear time. In UTF-16 units. */
export const LONGEST_SCRIPT = 65_536;
/** Deeper trees are not read: everything after this walks them recursively. */
const DEEPEST = 150;
/**
 * Calls of the progress callback (one for each hundred or so parser operations) after which a script is given up. People's scripts take
 * up to eight for a thousand units; a pipeline of 16,000 programs took 2,100, then two gigabytes to be put together, and the parser
 * never worked again.
 */
const PARSE_BUDGET = 700;
/** With more, recovery from an error takes seconds: each that nothing closes is kept in mind. */
const MOST_OPENED = 2_000;
/** Runs of more than 4,096 units without a space (`x@x@…` takes quadratic time) and more heredocs than this are not read. */
const MOST_HEREDOCS = 200;
const UNBROKEN = /\S{4097}/;
/** What is no longer than this can have neither. */
const LEAST_HARD = 2 * MOST_HEREDOCS - 2;

/**
 * The syntax tree of a script; undefined when it is too long, too deep, or takes too many parser operations. Counts, not
 * time, so that the same script always has the same answer.
 */
export function syntaxOf(script: string, parser: Parser): SyntaxTree | undefined {
  if (script.length > LONGEST_SCRIPT || (script.length > LEAST_HARD && isHard(script))) return undefined;
  let calls = 0;
  const tree = parser.parse(script, null, { progressCallback: () => ++calls > PARSE_BUDGET });
  if (tree === null) {
    parser.reset(); // otherwise the next script would be taken for the rest of this one
    return undefined;
  }
  const cursor = tree.walk();
  try {
    const root = copy(cursor, 0);
    return root && { root, hasError: tree.rootNode.hasError };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

function isHard(script: string): boolean {
  if (UNBROKEN.test(script)) return true;
  return script.split('<<').length > MOST_HEREDOCS || script.split(/[[(]/).length > MOST_OPENED;
}

function copy(cursor: TreeCursor, depth: number): Syntax | undefined {
  const children: Syntax[] = [];
  const { nodeType: type, startIndex: start, endIndex: end } = cursor;
  if (cursor.gotoFirstChild()) {
    if (depth > DEEPEST) return undefined;
    do {
      const child = copy(cursor, depth + 1);
      if (child === undefined) return undefined;
      children.push(child);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return { type, start, end, children };
}

/** The first child of a type. */
export function childOf(node: Syntax, type: string): Syntax | undefined {
  return node.children.find((child) => child.type === type);
}

/** The nodes around an offset range, outermost first, the last one being the smallest that holds all of it. */
export function pathTo(root: Syntax, start: number, end: number): readonly Syntax[] {
  const path: Syntax[] = [];
  for (let node: Syntax | undefined = root; node; ) {
    path.push(node);
    node = node.children.find((child) => child.start <= start && end <= child.end && child.end > child.start);
  }
  return path;
}
