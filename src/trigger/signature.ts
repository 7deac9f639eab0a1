import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { signatureOf, signaturesIn } from '#kit/standard-webhooks.js';

/** How senders sign. `standard`: Standard Webhooks, an HMAC over id, time and body. */
export const WEBHOOK_FORMS = ['github', 'standard'] as const;
export type WebhookForm = (typeof WEBHOOK_FORMS)[number];

/** A request as it came, its body byte by byte. */
export interface Incoming {
  readonly headers: Pick<Headers, 'get'>;
  readonly body: Uint8Array;
}

/** What a signature that holds says of a delivery. */
export interface Signed {
  /** The sender's own name for it. */
  readonly senderId: string;
  /** What the signature makes unique. GitHub's covers the body alone, and nothing of the headers. */
  readonly signedOnce: string;
  /** When the sender says that it signed it; null: it does not say. */
  readonly signedAt: Date | null;
}

/** How far the sender's clock may be from ours, and how long a delivery counts. */
export const REPLAY_WINDOW_MS = 5 * 60_000;
/** Senders sign with an old and a new key while they exchange them. */
const MOST_SIGNATURES = 5;
const SENDER_ID = /^[\x21-\x7e]{1,200}$/;

/**
 * What the delivery is when one of the secrets signed it; undefined when none did, or what is needed is missing. Every secret is
 * tried, whichever fits, and compared in constant time.
 */
export function verifySignature(form: WebhookForm, incoming: Incoming, secrets: readonly string[]): Signed | undefined {
  return form === 'github' ? verifyGitHub(incoming, secrets) : verifyStandard(incoming, secrets);
}

export const bodyDigest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

function verifyGitHub({ headers, body }: Incoming, secrets: readonly string[]): Signed | undefined {
  const given = hexBytes(headers.get('x-hub-signature-256') ?? '');
  const holds = anySigned(secrets, [given], (secret) => createHmac('sha256', secret).update(body).digest());
  const senderId = headers.get('x-github-delivery') ?? '';
  if (!holds || !SENDER_ID.test(senderId)) return undefined;
  return { senderId, signedOnce: bodyDigest(body), signedAt: null };
}

function hexBytes(header: string): Buffer {
  return /^sha256=[0-9a-f]{64}$/i.test(header) ? Buffer.from(header.slice(7), 'hex') : Buffer.alloc(0);
}

function verifyStandard({ headers, body }: Incoming, secrets: readonly string[]): Signed | undefined {
  const senderId = headers.get('webhook-id') ?? '';
  const time = headers.get('webhook-timestamp') ?? '';
  const signatures = signaturesIn(headers.get('webhook-signature') ?? '', MOST_SIGNATURES);
  const signed = { id: senderId, timestamp: time, body };
  const holds = anySigned(secrets, signatures, (secret) => signatureOf(secret, signed));
  if (!holds || !SENDER_ID.test(senderId) || !/^\d{1,12}$/.test(time)) return undefined;
  return { senderId, signedOnce: senderId, signedAt: new Date(Number(time) * 1000) };
}

/** Without a secret, that is of a hook that is not there, the same work is done for nothing. */
function anySigned(secrets: readonly string[], given: readonly Buffer[], sign: (secret: string) => Buffer): boolean {
  const tried = secrets.length === 0 ? ['whsec_bm9uZQ=='] : secrets;
  const fits = tried.flatMap((secret) => {
    const expected = sign(secret);
    return given.map((one) =>
      timingSafeEqual(one.length === expected.length ? one : Buffer.alloc(expected.length), expected),
    );
  });
  return secrets.length > 0 && fits.includes(true);
}

/** Why a delivery that is signed comes too late or too early; undefined when it is in time. */
export function untimely({ signedAt }: Signed, now: Date): string | undefined {
  if (signedAt === null) return undefined;
  const ageMs = now.getTime() - signedAt.getTime();
  if (Math.abs(ageMs) <= REPLAY_WINDOW_MS) return undefined;
  const minutes = Math.round(Math.abs(ageMs) / 60_000);
  const off = ageMs > 0 ? `${minutes} minutes ago` : `${minutes} minutes in the future`;
  return `It was signed ${off}; it counts for ${REPLAY_WINDOW_MS / 60_000} minutes.`;
}
