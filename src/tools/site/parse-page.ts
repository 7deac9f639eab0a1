import { parseHTML } from 'linkedom';
import type { Tag } from './tree.js';

/** A page has no more elements, nor are they nested deeper; the rest of a longer one is not looked at. */
const MOST_TAGS = 20_000;
const MOST_DEPTH = 200;
const MOST_TEXT = 64 * 1024;
const ELEMENT = 1;
const TEXT = 3;
const DOCTYPE = 10;

interface DomNode {
  readonly nodeType: number;
  readonly localName?: string;
  readonly data?: string;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
  readonly firstChild: DomNode | null;
  readonly nextSibling: DomNode | null;
}

/** A page as a tree of our own, in one pass; no script of it is executed. */
export function treeOf(html: string): { readonly root: Tag; readonly cut: boolean } {
  const { document } = parseHTML(html) as unknown as { document: { readonly childNodes: Iterable<DomNode> } };
  const root: Tag = { name: '', attributes: new Map(), classes: [], parent: undefined, children: [], text: '' };
  // A doctype knows no sibling: what stands beside it is asked of the document.
  const open = [...document.childNodes]
    .filter(({ nodeType }) => nodeType !== DOCTYPE)
    .slice(0, 1)
    .map((node): { node: DomNode | null; into: Tag; depth: number } => ({ node, into: root, depth: 0 }));
  let count = 0;
  let cut = false;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, into, depth } = at;
    if (node === null) continue;
    open.push({ node: node.nextSibling, into, depth });
    if (node.nodeType === TEXT && into.text.length < MOST_TEXT) into.text += `${node.data ?? ''} `;
    if (node.nodeType !== ELEMENT) continue;
    count += 1;
    cut ||= count > MOST_TAGS || depth >= MOST_DEPTH;
    if (count > MOST_TAGS) break;
    if (depth < MOST_DEPTH) open.push({ node: node.firstChild, into: tagOf(node, into), depth: depth + 1 });
  }
  return { root, cut };
}

function tagOf(node: DomNode, parent: Tag): Tag {
  const attributes = new Map([...(node.attributes ?? [])].map(({ name, value }) => [name.toLowerCase(), value]));
  const classes = (attributes.get('class') ?? '')
    .split(/\s+/)
    .filter((name) => name !== '')
    .slice(0, 30);
  const name = (node.localName ?? '').toLowerCase();
  const tag: Tag = { name, attributes, classes, parent, children: [], text: '' };
  parent.children.push(tag);
  return tag;
}
