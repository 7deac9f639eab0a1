import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { OpsroomError } from '#kit/errors.js';

/**
 * `opsr_` is an API key, `opsl_` the credential of this machine, `opsi_` the session of somebody's editor: found by secret scanners,
 * and told from other services' keys.
 */
export type CredentialKind = 'key' | 'local' | 'ide';
const PREFIXES: Readonly<Record<CredentialKind, string>> = { key: 'opsr_', local: 'opsl_', ide: 'opsi_' };
const KINDS: Readonly<Record<string, CredentialKind>> = { r: 'key', l: 'local', i: 'ide' };
/** 256 bits in base64url. */
const OURS = /^ops([rli])_[A-Za-z0-9_-]{43}$/;
const HINT_LENGTH = 'opsr_'.length + 6;

/** How the keys of other services begin. A value that begins so must neither be kept nor repeated anywhere. */
const FOREIGN: readonly (readonly [service: string, form: RegExp])[] = [
  ['Anthropic', /^sk-ant-/],
  ['OpenAI', /^sk-/],
  ['Stripe', /^(sk|rk|pk)_(live|test)_/],
  ['GitHub', /^(gh[pousr]_|github_pat_)/],
  ['GitLab', /^gl(pat|dt|rt)-/],
  ['Slack', /^(xox[a-z]-|xapp-|xoxe\.)/],
  ['AWS', /^(AKIA|ASIA)[A-Z0-9]/],
  ['Google', /^(AIza|ya29\.|GOCSPX-)/],
  ['npm', /^npm_/],
  ['PyPI', /^pypi-/],
  ['Hugging Face', /^hf_/],
  ['DigitalOcean', /^do[opr]_v1_/],
  ['SendGrid', /^SG\./],
  ['Supabase', /^sb(p|_secret|_publishable)_/],
  ['Sentry', /^sntry[su]_/],
  ['Cloudways', /^cw_/],
  ['another service (a JSON Web Token)', /^eyJ[A-Za-z0-9_-]+\./],
];

/**
 * A new credential of 256 random bits. It is shown once; only its hash is kept.
 * @param random 32 bytes
 */
export function makeCredential(kind: CredentialKind, random: Buffer = randomBytes(32)): string {
  return `${PREFIXES[kind]}${random.toString('base64url')}`;
}

/** SHA-256. The value has 256 bits of chance, so nothing slower is needed to keep it from being guessed. */
export function credentialHash(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** So much of a credential as may be shown, to tell it from others. */
export const credentialHint = (value: string): string => value.slice(0, HINT_LENGTH);

/**
 * Which of ours a presented value claims to be.
 * @throws OpsroomError KEY_FOREIGN for another service's key, KEY_REFUSED for what is none of ours; neither repeats the value
 */
export function credentialKind(value: string): CredentialKind {
  const ours = OURS.exec(value);
  const kind = KINDS[ours?.[1] ?? ''];
  if (kind !== undefined) return kind;
  const service = foreignService(value);
  if (service !== undefined) {
    throw new OpsroomError('KEY_FOREIGN', { what: `What was given looks like a key of ${service}.` });
  }
  throw new OpsroomError('KEY_REFUSED', { what: 'What was given has not the form of a key of this room.' });
}

/** The service whose keys begin as this value does. */
export function foreignService(value: string): string | undefined {
  return FOREIGN.find(([, form]) => form.test(value))?.[0];
}
