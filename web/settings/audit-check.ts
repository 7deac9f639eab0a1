import { canonicalBytes, type Envelope, hex, payloadOf, type Signed, signedBy } from '../kit/signed.js';

/** The proof that an entry stands in the audit tree, as the room gives it (docs/audit.md). */
export interface EntryProof {
  readonly entry: unknown;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly treeHead: Envelope;
}

/** How an entry stands. `in the tree`: its hash leads to the root that was signed. */
export type EntryCheck = {
  readonly state: 'in the tree' | 'not in the tree' | Exclude<Signed, 'signed'>;
  readonly key: string;
};

/** Computes an entry's hash, the way from it to the root, and the signature of that root, without believing the room. */
export async function checkEntry(proof: EntryProof, publicKey: string): Promise<EntryCheck> {
  const { state, key } = await signedBy(proof.treeHead, publicKey);
  if (state !== 'signed') return { state, key };
  const { size, root } = payloadOf(proof.treeHead) as { size?: unknown; root?: unknown };
  const found = size === proof.size ? await rootFrom(proof) : undefined;
  return { state: found === root && found !== undefined ? 'in the tree' : 'not in the tree', key };
}

/** RFC 9162 §2.1.3.2; undefined when the path is none of such a leaf. */
async function rootFrom({ entry, index, size, path }: EntryProof): Promise<string | undefined> {
  let hash = await sha256(Uint8Array.of(0), canonicalBytes(entry));
  let [node, last] = [index, size - 1];
  for (const sibling of path.map(bytesOf)) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = await sha256(Uint8Array.of(1), sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = await sha256(Uint8Array.of(1), hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? hex(hash.buffer) : undefined;
}

const half = (n: number): number => Math.floor(n / 2);
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}
