import type { ChainRecord } from '#ir/proof.js';
import { digestOf, type Envelope, payloadOf, type Signed, signedBy } from '../kit/signed.js';

/** What a browser finds out about a chain by itself, without believing the room that sent it. */
export type ChainCheck =
  | { readonly ok: true; readonly count: number }
  /** `seq` of the first record that does not fit, and how. */
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/**
 * Computes every hash of a chain anew and follows the links (docs/proof-format.md, "The chain"). A chain that was rewritten
 * from some record to its end passes: only the signature of the bundle tells.
 *
 * @param records from the first on, in their order
 */
export async function checkChain(records: readonly ChainRecord[]): Promise<ChainCheck> {
  let previous = '0'.repeat(64);
  for (const [place, { hash, ...rest }] of records.entries()) {
    if (rest.seq !== place) return { ok: false, seq: place, problem: `record ${place} is missing` };
    if (rest.prev !== previous) return { ok: false, seq: place, problem: 'it is not tied to the record before it' };
    if ((await digestOf(rest)) !== hash)
      return { ok: false, seq: place, problem: 'its content is not what its hash says' };
    previous = hash;
  }
  return { ok: true, count: records.length };
}

/** A sealed bundle, as far as its signature goes. */
export interface SignedBundle {
  readonly envelope: Envelope;
  readonly publicKey: string;
}

/** How the seal stands. `cannot`: this browser knows no Ed25519. */
export type SealCheck = { readonly state: Signed | 'other chain'; readonly key: string };

/**
 * Checks the signature of a bundle (DSSE, Ed25519) by the key that it encloses, and that what was signed ends with `head`.
 *
 * @param head the hash of the last record that is shown
 */
export async function checkSeal({ envelope, publicKey }: SignedBundle, head: string): Promise<SealCheck> {
  const { state, key } = await signedBy(envelope, publicKey);
  if (state !== 'signed') return { state, key }; // what nobody signed need not even be JSON
  const { predicate } = payloadOf(envelope) as { predicate?: { head?: { hash?: unknown } } };
  return { state: predicate?.head?.hash === head ? state : 'other chain', key };
}
