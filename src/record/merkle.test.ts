import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, inclusionProof, leafHash, rootHash, verifyConsistency, verifyInclusion } from './merkle.js';

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => leafHash(`entry ${i}`));

/** The definition of RFC 6962 §2.1, word for word, with k found by counting. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]))
    .digest();
}

const flipped = (hash: Uint8Array): Buffer => {
  const copy = Buffer.from(hash);
  copy[7] = (copy[7] ?? 0) ^ 1;
  return copy;
};

describe('the RFC 6962 tree', () => {
  test('has the published roots of the certificate-transparency test data', () => {
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const leaves = entries.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    expect(rootHash([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(rootHash(leaves.slice(0, 1)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(rootHash(leaves).toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('has the root of the naive definition at every size to 70', () => {
    for (let size = 0; size <= 70; size++) expect(rootHash(leavesOf(size))).toEqual(naiveRoot(leavesOf(size)));
  });

  test('proves every leaf at every size to 40, and nothing else', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const root = rootHash(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const path = inclusionProof(leaves, index);
        const claim = { leaf, index, size, path, root };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: flipped(leaf) })).toBe(false);
        expect(verifyInclusion({ ...claim, index: size })).toBe(false);
        expect(verifyInclusion({ ...claim, path: [...path, leaf] })).toBe(false);
        for (const i of path.keys()) {
          expect(verifyInclusion({ ...claim, path: path.with(i, flipped(path[i] as Buffer)) })).toBe(false);
        }
      }
    }
  });

  test('proves that every older tree is a prefix, and that another is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.nat(), fc.nat(), (size, a, b) => {
        const leaves = leavesOf(size);
        const first = 1 + (a % size);
        const path = consistencyProof(leaves, first);
        const firstRoot = rootHash(leaves.slice(0, first));
        const claim = { first, firstRoot, second: size, secondRoot: rootHash(leaves), path };
        expect(verifyConsistency(claim)).toBe(true);
        const rewritten = leaves.with(b % first, leafHash('rewritten'));
        expect(verifyConsistency({ ...claim, secondRoot: rootHash(rewritten) })).toBe(false);
        expect(
          verifyConsistency({ ...claim, secondRoot: rootHash(rewritten), path: consistencyProof(rewritten, first) }),
        ).toBe(false);
      }),
    );
  });

  test('never throws on sizes and paths that make no sense', () => {
    const hash = leafHash('x');
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.nat(5), (a, b, length) => {
        const path = Array.from({ length }, () => hash);
        expect(verifyInclusion({ leaf: hash, index: a, size: b, path, root: leafHash('y') })).toBe(false);
        expect(verifyConsistency({ first: a, firstRoot: hash, second: b, secondRoot: leafHash('y'), path })).toBe(
          false,
        );
      }),
    );
    expect(() => inclusionProof([hash], 1)).toThrow(RangeError);
    expect(() => consistencyProof([hash], 2)).toThrow(RangeError);
  });
});
