import canonicalize from 'canonicalize';

/** The bytes of a JSON value's RFC 8785 form. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalize(value) ?? '');
}

/** SHA-256, hex, over the RFC 8785 form of a JSON value. */
export async function digestOf(value: unknown): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', canonicalBytes(value)));
}

/** DSSE v1. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** Whether one of an envelope's signatures is the key's. `cannot`: this browser knows no Ed25519. */
export type Signed = 'signed' | 'not signed' | 'cannot';

/** @param publicKey PEM */
export async function signedBy(envelope: Envelope, publicKey: string): Promise<{ state: Signed; key: string }> {
  const der = fromBase64(publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  const key = hex(await crypto.subtle.digest('SHA-256', der));
  let verifier: CryptoKey;
  try {
    verifier = await crypto.subtle.importKey('spki', der, { name: 'Ed25519' }, false, ['verify']);
  } catch {
    return { state: 'cannot', key };
  }
  const signed = preAuthEncoding(envelope.payloadType, fromBase64(envelope.payload));
  const verdicts = await Promise.all(
    envelope.signatures.map(({ sig }) =>
      crypto.subtle.verify('Ed25519', verifier, fromBase64(sig), signed).catch(() => false),
    ),
  );
  return { state: verdicts.includes(true) ? 'signed' : 'not signed', key };
}

/** What an envelope holds, as JSON. */
export function payloadOf(envelope: Envelope): unknown {
  return JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload)));
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

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.codePointAt(0) ?? 0);
}

export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
