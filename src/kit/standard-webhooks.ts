import { createHmac } from 'node:crypto';

// Standard Webhooks 1.0 (standardwebhooks.com): what is sent and what is received are signed in one way.

const PREFIX = 'whsec_';

/** A new secret, as the specification writes it. @param random 256 bits of it */
export const makeSecret = (random: Uint8Array): string => `${PREFIX}${Buffer.from(random).toString('base64')}`;

/** The key behind a secret: base64 after `whsec_`, as the specification writes it; any other text is taken as it stands. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
}

/** What a signature covers, headers as they are sent. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly body: string | Uint8Array;
}

/** HMAC-SHA256 over `ID.TIMESTAMP.BODY`. */
export function signatureOf(secret: string, { id, timestamp, body }: SignedMessage): Buffer {
  return createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The header of a message that is sent: `v1,` and base64. */
export const signatureHeader = (signature: Buffer): string => `v1,${signature.toString('base64')}`;

/** The signatures that a header names; a sender that exchanges its key names two. @param most further ones are not looked at */
export function signaturesIn(header: string, most: number): Buffer[] {
  const given = header.split(' ').slice(0, most);
  return given.map((one) => Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64'));
}
