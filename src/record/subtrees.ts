import { rootHash } from './merkle.js';

/** So many leaves make a block, whose root is kept: a proof reads roots of blocks instead of every leaf. A power of two. */
export const BLOCK = 256;
const BLOCK_LEVEL = Math.log2(BLOCK);

/** A complete subtree: the leaves from `index * 2^level` on, `2^level` of them. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Leaves `[from, to)`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The fewest complete subtrees that a range consists of, from the left; none of an empty one. */
export function subtreesOf({ from, to }: Range): Subtree[] {
  const found: Subtree[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** The root over the subtrees of a range as RFC 6962 nests it, given their hashes from the left; at least one. */
export function foldRoot(hashes: readonly Uint8Array[]): Buffer {
  const [last, ...others] = hashes.toReversed();
  if (last === undefined) return rootHash([]);
  return others.reduce<Buffer>((right, left) => rootHash([left, right]), Buffer.from(last));
}

/** The largest power of two below `size`, which is at least 2. */
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** The ranges whose roots are the inclusion proof of a leaf (RFC 6962 §2.1.1), the lowest first. */
export function inclusionRanges(index: number, { from, to }: Range): Range[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...inclusionRanges(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionRanges(index, { from: middle, to }), { from, to: middle }];
}

/** The ranges whose roots are the consistency proof between the first `first` leaves and all of `to` (RFC 6962 §2.1.2). */
export function consistencyRanges(first: number, { from, to }: Range, whole = true): Range[] {
  if (first === to) return whole ? [] : [{ from, to }];
  const middle = from + split(to - from);
  return first <= middle
    ? [...consistencyRanges(first, { from, to: middle }, whole), { from: middle, to }]
    : [...consistencyRanges(first, { from: middle, to }, false), { from, to: middle }];
}

/** Where the leaves of a tree are read: the roots of its whole blocks, and the leaves of any block. */
export interface Leaves {
  readonly size: number;
  /** Of each whole block. */
  readonly roots: readonly Uint8Array[];
  /** The leaf hashes of a block, the last and incomplete one included. */
  block(block: number): Promise<readonly Uint8Array[]>;
}

/** The hash of one complete subtree. */
export async function subtreeHash(leaves: Leaves, { level, index }: Subtree): Promise<Buffer> {
  if (level >= BLOCK_LEVEL) {
    const width = 2 ** (level - BLOCK_LEVEL);
    return rootHash(leaves.roots, index * width, (index + 1) * width);
  }
  const from = index * 2 ** level;
  const block = await leaves.block(Math.floor(from / BLOCK));
  return rootHash(block, from % BLOCK, (from % BLOCK) + 2 ** level);
}

/** The root over a range that is a node of the tree, or the whole of an older one. */
export async function rangeRoot(leaves: Leaves, range: Range): Promise<Buffer> {
  return foldRoot(await Promise.all(subtreesOf(range).map((one) => subtreeHash(leaves, one))));
}

/** Grows a tree from the left by leaves and complete subtrees, keeping one hash of each level. */
export class Frontier {
  private readonly nodes: { readonly level: number; readonly hash: Uint8Array }[] = [];
  private leaves = 0;

  get size(): number {
    return this.leaves;
  }

  /** @param level of the subtree; 0 for a leaf. The tree must have come to where such a subtree begins. */
  add(hash: Uint8Array, level = 0): void {
    if (this.leaves % 2 ** level !== 0) throw new RangeError(`no subtree of level ${level} begins at ${this.leaves}`);
    this.leaves += 2 ** level;
    let node = { level, hash };
    for (let left = this.nodes.at(-1); left?.level === node.level; left = this.nodes.at(-1)) {
      this.nodes.pop();
      node = { level: node.level + 1, hash: rootHash([left.hash, node.hash]) };
    }
    this.nodes.push(node);
  }

  root(): Buffer {
    return foldRoot(this.nodes.map(({ hash }) => hash));
  }
}
