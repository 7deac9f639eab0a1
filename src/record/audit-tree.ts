import { canonicalJson } from '#ir/digest.js';
import { OpsroomError } from '#kit/errors.js';
import { type AuditEntry, TREE_HEAD_TYPE } from './audit.js';
import { blockLeaves, blockRoots, insertBlock, leavesFrom, treeSize } from './audit-store.js';
import { type Envelope, type SigningKey, signEnvelope } from './dsse.js';
import { rootHash } from './merkle.js';
import type { InclusionProof } from './statement.js';
import type { Sql } from './store.js';
import { BLOCK, consistencyRanges, inclusionRanges, type Leaves, rangeRoot } from './subtrees.js';

/** Runs one look at the database: a door's transaction, or a connection that is at hand. */
export type Read = <T>(look: (sql: Sql) => Promise<T>) => Promise<T>;

/** So many blocks are filled in one go: those of a log that is older than blocks are. */
const MOST_FILLED = 400;

/**
 * Reads the organisation's tree: the roots of its blocks, and the leaves that no block holds yet.
 *
 * @throws OpsroomError NOT_ALLOWED_NOW when entries left for a segment in this moment
 */
export async function openTree(read: Read, org: string): Promise<Leaves> {
  const { size, roots, rest } = await read((sql) => readParts(sql, org));
  const from = roots.length * BLOCK;
  if (rest.length !== size - from) {
    throw new OpsroomError('NOT_ALLOWED_NOW', {
      what: 'The audit log is being rotated.',
      mend: 'Ask again in a moment.',
    });
  }
  const tail = chunks(rest);
  const whole = tail.filter((chunk) => chunk.length === BLOCK).map((chunk) => rootHash(chunk));
  let at: { block: number; leaves: Promise<readonly Uint8Array[]> } = { block: -1, leaves: Promise.resolve([]) };
  return {
    size,
    roots: [...roots, ...whole],
    block: (block) => {
      if (block >= roots.length) return Promise.resolve(tail[block - roots.length] ?? []);
      // Neighbours are asked for one after the other: one block at hand is enough, and a long export keeps no more.
      if (at.block !== block) at = { block, leaves: read((sql) => blockLeaves(sql, org, block)) };
      return at.leaves;
    },
  };
}

async function readParts(sql: Sql, org: string) {
  const size = await treeSize(sql, org);
  const roots = await blockRoots(sql, org, Math.floor(size / BLOCK));
  return { size, roots, rest: await leavesFrom(sql, org, { from: roots.length * BLOCK, to: size }) };
}

function chunks(leaves: readonly Buffer[]): Buffer[][] {
  const count = Math.ceil(leaves.length / BLOCK);
  return Array.from({ length: count }, (_, i) => leaves.slice(i * BLOCK, (i + 1) * BLOCK));
}

/**
 * Keeps the leaves of blocks that became whole, in a transaction as the tables' owner. Idempotent.
 *
 * @returns how many blocks are kept now
 */
export async function fillBlocks(tx: Sql, org: string): Promise<number> {
  const size = await treeSize(tx, org);
  const kept = (await blockRoots(tx, org, Math.floor(size / BLOCK))).length;
  const to = Math.min(Math.floor(size / BLOCK), kept + MOST_FILLED);
  if (to <= kept) return kept;
  const leaves = await leavesFrom(tx, org, { from: kept * BLOCK, to: to * BLOCK });
  for (const [i, chunk] of chunks(leaves).entries()) {
    if (chunk.length < BLOCK) return kept + i;
    await insertBlock(tx, org, { block: kept + i, leaves: Buffer.concat(chunk), root: rootHash(chunk) });
  }
  return to;
}

/** A root of the tree, signed: whoever keeps it can show later that nothing before it was changed. */
export interface TreeHead {
  readonly size: number;
  readonly root: string;
  readonly at: string;
  readonly envelope: Envelope;
}

/** Signs the tree as it is, or as it was at an earlier size (at least 1). */
export async function signHead(
  tree: Leaves,
  { key, at, size = tree.size }: { readonly key: SigningKey; readonly at: string; readonly size?: number },
): Promise<TreeHead> {
  const root = (await rangeRoot(tree, { from: 0, to: size })).toString('hex');
  const payload = Buffer.from(canonicalJson({ v: 1, size, root, at }));
  return { size, root, at, envelope: signEnvelope(TREE_HEAD_TYPE, payload, key) };
}

/** Shows that an entry stands in the tree, under a signed head. */
export async function proveEntry(
  tree: Leaves,
  entry: AuditEntry,
  signing: { readonly key: SigningKey; readonly at: string },
): Promise<InclusionProof> {
  const ranges = inclusionRanges(entry.seq, { from: 0, to: tree.size });
  const path = await Promise.all(ranges.map((range) => rangeRoot(tree, range)));
  const { size, envelope } = await signHead(tree, signing);
  return { entry, index: entry.seq, size, path: path.map((hash) => hash.toString('hex')), treeHead: envelope };
}

/** The consistency proof between two sizes of the tree, 1 ≤ first ≤ second ≤ its size. */
export async function proveConsistency(tree: Leaves, first: number, second: number): Promise<string[]> {
  const ranges = consistencyRanges(first, { from: 0, to: second });
  const path = await Promise.all(ranges.map((range) => rangeRoot(tree, range)));
  return path.map((hash) => hash.toString('hex'));
}
