import canonicalize from 'canonicalize';
import type { ChainRecord } from '#ir/proof.js';

/** What a browser finds out about a chain by itself, without believing the room that sent it. */
export type ChainCheck =
  | { readonly ok: true; readonly count: number }
  /** `seq` of the first record that does not fit, and how. */
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/** SHA-256, hex, over the RFC 8785 form of a JSON value. */
export async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalize(value) ?? '');
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

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

interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** A sealed bundle, as far as its signature goes. */
export interface SignedBundle {
  readonly envelope: Envelope;
  readonly publicKey: string;
}

/** How the seal stands. `cannot`: this browser knows no Ed25519. */
export type SealCheck = { readonly state: 'signed' | 'not signed' | 'cannot' | 'other chain'; readonly key: string };

/**
 * Checks the signature of a bundle (DSSE, Ed25519) by the key that it encloses, and that what was signed ends with `head`.
 *
 * @param head the hash of the last record that is shown
 */
export async function checkSeal({ envelope, publicKey }: SignedBundle, head: string): Promise<SealCheck> {
  const der = fromBase64(publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  const key = hex(await crypto.subtle.digest('SHA-256', der));
  const payload = fromBase64(envelope.payload);
  let verifier: CryptoKey;
  try {
    verifier = await crypto.subtle.importKey('spki', der, { name: 'Ed25519' }, false, ['verify']);
  } catch {
    return { state: 'cannot', key };
  }
  const signed = preAuthEncoding(envelope.payloadType, payload);
  const verdicts = await Promise.all(
    envelope.signatures.map(({ sig }) =>
      crypto.subtle.verify('Ed25519', verifier, fromBase64(sig), signed).catch(() => false),
    ),
  );
  if (!verdicts.includes(true)) return { state: 'not signed', key };
  return { state: headOf(payload) === head ? 'signed' : 'other chain', key };
}

/** The bytes that a DSSE v1 signature is over. */
function preAuthEncoding(type: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const start = encoder.encode(`DSSEv1 ${encoder.encode(type).length} ${type} ${payload.length} `);
  const bytes = new Uint8Array(start.length + payload.length);
  bytes.set(start);
  bytes.set(payload, start.length);
  return bytes;
}

function headOf(payload: Uint8Array): unknown {
  const { predicate } = JSON.parse(new TextDecoder().decode(payload)) as { predicate?: { head?: { hash?: unknown } } };
  return predicate?.head?.hash;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.codePointAt(0) ?? 0);
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
