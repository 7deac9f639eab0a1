import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonValue } from './json.js';

/** RFC 8785 (JCS) text of a JSON value. Lone surrogates and NUL are the caller's to remove (`cleanJson`). */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256, hex, over the canonical JSON. */
export function jsonDigest(value: JsonValue): string {
  return sha256(canonicalJson(value));
}
