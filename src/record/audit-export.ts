import { createHash } from 'node:crypto';
import { canonicalJson, sha256 } from '#ir/digest.js';
import { type AboutLine, EXPORT_TYPE, type ExportLine, INDEX_TYPE, lineText, MARK_BYTES } from './audit-lines.js';
import type { StoredEntry } from './audit-store.js';
import { signHead } from './audit-tree.js';
import { type SigningKey, signEnvelope } from './dsse.js';
import { type Leaves, subtreeHash, subtreesOf } from './subtrees.js';

export interface ExportParts {
  readonly tree: Leaves;
  /** The chosen entries in order, each below the tree's size. */
  readonly entries: AsyncIterable<StoredEntry>;
  readonly org: string;
  readonly filter: AboutLine['filter'];
  readonly key: SigningKey;
  readonly now: () => Date;
}

/**
 * The lines of an export: what it is, each chosen entry with its leaf hash, what lies between as roots of subtrees, and the
 * signed head of the tree. Whoever has them computes the root anew. Nothing is held but 8 bytes for each row.
 */
export async function* exportLines({ tree, entries, org, filter, key, now }: ExportParts): AsyncGenerator<ExportLine> {
  const at = now().toISOString();
  const about: AboutLine = { mediaType: EXPORT_TYPE, org, at, size: tree.size, filter };
  const marks: Buffer[] = [];
  const shown = (line: ExportLine): ExportLine => {
    marks.push(markOf(line));
    return line;
  };
  yield { row: 'about', value: about };
  let next = 0;
  for await (const { entry, leaf } of entries) {
    if (entry.seq > next) yield shown(await gap(tree, next, entry.seq));
    yield shown({ row: 'entry', value: { leaf: leaf.toString('hex'), entry } });
    next = entry.seq + 1;
  }
  if (next < tree.size) yield shown(await gap(tree, next, tree.size));
  const head = await signHead(tree, { key, at });
  const index = {
    v: 1,
    about: sha256(lineText({ row: 'about', value: about })),
    size: head.size,
    root: head.root,
    marks: Buffer.concat(marks).toString('base64'),
  };
  const signed = signEnvelope(INDEX_TYPE, Buffer.from(canonicalJson(index)), key);
  yield { row: 'end', value: { head: head.envelope, index: signed, publicKey: key.publicKeyPem } };
}

async function gap(tree: Leaves, from: number, to: number): Promise<ExportLine> {
  const hashes = await Promise.all(subtreesOf({ from, to }).map((one) => subtreeHash(tree, one)));
  return { row: 'gap', value: { from, to, nodes: hashes.map((hash) => hash.toString('hex')) } };
}

/** What the signed index holds of a row: enough to find the one that was changed. */
export function markOf(line: ExportLine): Buffer {
  if (line.row === 'entry') return Buffer.from(line.value.leaf, 'hex').subarray(0, MARK_BYTES);
  const nodes = line.row === 'gap' ? line.value.nodes : [];
  return createHash('sha256')
    .update(Buffer.from(nodes.join(''), 'hex'))
    .digest()
    .subarray(0, MARK_BYTES);
}
