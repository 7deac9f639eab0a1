import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';

const base64 = z.base64();

/** DSSE v1 (secure-systems-lab/dsse, envelope.md). */
export const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string(), sig: base64 }))
    .min(1)
    .max(16),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** An Ed25519 key pair with its id, see `keyId`. */
export interface SigningKey {
  readonly keyid: string;
  readonly privateKey: KeyObject;
  /** SPKI, PEM. */
  readonly publicKeyPem: string;
}

/** The pre-authentication encoding: what is signed, so that a payload cannot be read as another type. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** SHA-256, hex, of the public key's SPKI in DER. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The signing key of an Ed25519 private key. */
export function signingKey(privateKey: KeyObject): SigningKey {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`not an Ed25519 key: ${privateKey.asymmetricKeyType}`);
  const publicKey = createPublicKey(privateKey);
  return {
    keyid: keyId(publicKey),
    privateKey,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export function signEnvelope(payloadType: string, payload: Uint8Array, key: SigningKey): Envelope {
  return envelope(payloadType, payload, key, sign(null, preAuthEncoding(payloadType, payload), key.privateKey));
}

const signAside = promisify<null, Uint8Array, KeyObject, Buffer>(sign);

/** The same on another thread: a signature takes as long as all else that ends a short run. */
export async function signEnvelopeAside(payloadType: string, payload: Uint8Array, key: SigningKey): Promise<Envelope> {
  return envelope(
    payloadType,
    payload,
    key,
    await signAside(null, preAuthEncoding(payloadType, payload), key.privateKey),
  );
}

function envelope(payloadType: string, payload: Uint8Array, { keyid }: SigningKey, signature: Buffer): Envelope {
  const signatures = [{ keyid, sig: signature.toString('base64') }];
  return { payloadType, payload: Buffer.from(payload).toString('base64'), signatures };
}

/** Whether one of the signatures is this key's. The key id is a hint only: every signature is tried. */
export function verifyEnvelope(envelope: Envelope, publicKey: KeyObject): boolean {
  const signed = preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'));
  return envelope.signatures.some(({ sig }) => verify(null, signed, publicKey, Buffer.from(sig, 'base64')));
}

/** The Ed25519 public key in a PEM text; undefined for anything else, a private key included. */
export function parsePublicKey(pem: string): KeyObject | undefined {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
