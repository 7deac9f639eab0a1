import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, inclusionProof, leafHash, rootHash } from './merkle.js';
import {
  BLOCK,
  consistencyRanges,
  Frontier,
  inclusionRanges,
  type Leaves,
  rangeRoot,
  subtreeHash,
  subtreesOf,
} from './subtrees.js';

const ALL = Array.from({ length: 3 * BLOCK + 77 }, (_, i) => leafHash(`entry ${i}`));

/** A tree as it is read from storage: roots of whole blocks, leaves block by block. */
function treeOf(size: number): Leaves {
  const leaves = ALL.slice(0, size);
  const whole = Math.floor(size / BLOCK);
  return {
    size,
    roots: Array.from({ length: whole }, (_, i) => rootHash(leaves, i * BLOCK, (i + 1) * BLOCK)),
    block: (block) => Promise.resolve(leaves.slice(block * BLOCK, (block + 1) * BLOCK)),
  };
}

const sizes = fc.integer({ min: 1, max: ALL.length });
const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

describe('a tree that is read by blocks', () => {
  test('has the roots and the proofs of the whole tree, at every size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, a, b) => {
        const tree = treeOf(size);
        const leaves = ALL.slice(0, size);
        const all = { from: 0, to: size };
        expect(await rangeRoot(tree, all)).toEqual(rootHash(leaves));
        const index = a % size;
        const path = await Promise.all(inclusionRanges(index, all).map((range) => rangeRoot(tree, range)));
        expect(path.map(hex)).toEqual(inclusionProof(leaves, index).map(hex));
        const first = 1 + (b % size);
        const shown = await Promise.all(consistencyRanges(first, all).map((range) => rangeRoot(tree, range)));
        expect(shown.map(hex)).toEqual(consistencyProof(leaves, first).map(hex));
      }),
    );
  });

  test('is made anew from leaves and subtrees in any mixture', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.nat(), { maxLength: 12 }), async (size, cuts) => {
        const tree = treeOf(size);
        const borders = [...new Set([0, ...cuts.map((cut) => cut % size), size])].sort((a, b) => a - b);
        const frontier = new Frontier();
        for (const [i, from] of borders.slice(0, -1).entries()) {
          const to = borders[i + 1] ?? size;
          if (i % 2 === 0) for (let at = from; at < to; at++) frontier.add(ALL[at] as Buffer);
          else for (const one of subtreesOf({ from, to })) frontier.add(await subtreeHash(tree, one), one.level);
        }
        expect(frontier.size).toBe(size);
        expect(frontier.root()).toEqual(rootHash(ALL.slice(0, size)));
      }),
    );
  });
});

test('a range is cut into subtrees that lie side by side', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      let at = from;
      for (const { level, index } of subtreesOf({ from, to })) {
        expect(index * 2 ** level).toBe(at);
        at += 2 ** level;
      }
      expect(at).toBe(to);
      expect(subtreesOf({ from, to }).length).toBeLessThanOrEqual(2 * 17);
    }),
  );
});

test('a subtree that does not begin where the tree ends is refused', () => {
  const frontier = new Frontier();
  frontier.add(ALL[0] as Buffer);
  expect(() => frontier.add(ALL[1] as Buffer, 1)).toThrow(RangeError);
});
