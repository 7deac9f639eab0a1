import { createHash } from 'node:crypto';

/** The audit tree: RFC 6962 §2.1 (the same in RFC 9162 §2.1). Leaves and nodes are hashed under different prefixes. */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export function leafHash(entry: string | Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(entry).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The largest power of two below `size` (size ≥ 2): how many leaves the left subtree holds. */
function split(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

/** The root over leaf hashes `[from, to)`; that of no leaves is the hash of nothing. */
export function rootHash(leaves: readonly Uint8Array[], from = 0, to = leaves.length): Buffer {
  if (to === from) return createHash('sha256').digest();
  if (to - from === 1) return Buffer.from(leaves[from] as Uint8Array);
  const middle = from + split(to - from);
  return nodeHash(rootHash(leaves, from, middle), rootHash(leaves, middle, to));
}

/** RFC 6962 §2.1.1: the sibling hashes on the way from leaf `index` to the root, the lowest first. */
export function inclusionProof(
  leaves: readonly Uint8Array[],
  index: number,
  from = 0,
  to = leaves.length,
): readonly Buffer[] {
  if (!Number.isSafeInteger(index) || index < from || index >= to) throw new RangeError(`no leaf ${index}`);
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...inclusionProof(leaves, index, from, middle), rootHash(leaves, middle, to)]
    : [...inclusionProof(leaves, index, middle, to), rootHash(leaves, from, middle)];
}

/** RFC 6962 §2.1.2: what shows that the tree of the first `first` leaves is a prefix of the whole (1 ≤ first ≤ size). */
export function consistencyProof(leaves: readonly Uint8Array[], first: number): readonly Buffer[] {
  if (!Number.isSafeInteger(first) || first < 1 || first > leaves.length)
    throw new RangeError(`no tree of size ${first}`);
  return subProof(leaves, { first, from: 0, to: leaves.length }, true);
}

function subProof(
  leaves: readonly Uint8Array[],
  range: { first: number; from: number; to: number },
  whole: boolean,
): Buffer[] {
  const { first, from, to } = range;
  if (first === to - from) return whole ? [] : [rootHash(leaves, from, to)];
  const middle = from + split(to - from);
  const left = middle - from;
  return first <= left
    ? [...subProof(leaves, { first, from, to: middle }, whole), rootHash(leaves, middle, to)]
    : [...subProof(leaves, { first: first - left, from: middle, to }, false), rootHash(leaves, from, middle)];
}

export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** RFC 9162 §2.1.3.2. False, never a throw, for anything that does not hold. */
export function verifyInclusion({ leaf, index, size, path, root }: Inclusion): boolean {
  if (!isSize(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash: Uint8Array = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = nodeHash(hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(hash, root);
}

export interface Consistency {
  readonly first: number;
  readonly firstRoot: Uint8Array;
  readonly second: number;
  readonly secondRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** RFC 9162 §2.1.4.2. False, never a throw, for anything that does not hold. */
export function verifyConsistency({ first, firstRoot, second, secondRoot, path }: Consistency): boolean {
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (first === second) return path.length === 0 && same(firstRoot, secondRoot);
  const hashes = Number.isInteger(Math.log2(first)) ? [firstRoot, ...path] : [...path];
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const start = hashes.shift();
  if (start === undefined) return false;
  let old = start;
  let grown = start;
  for (const sibling of hashes) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else grown = nodeHash(grown, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(old, firstRoot) && same(grown, secondRoot);
}

/** Not `>> 1`, which would wrap beyond 2^31 leaves. */
const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
