import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from './json.js';

/**
 * RFC 8785 (JCS) text of a JSON value. Members that are undefined are left out, as JSON.stringify does.
 * Written here because every step is hashed several times: the package `canonicalize`, to which a test holds this equal,
 * was the largest single cost of a step.
 * @throws TypeError for what has no such form: NaN, infinities, lone surrogates (`cleanJson` removes them), no JSON at all
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'object') throw new TypeError('not a JSON value');
  return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value);
}

function canonicalObject(value: JsonObject): string {
  let members = '';
  // The default order is that of UTF-16 code units, as the RFC demands.
  for (const key of Object.keys(value).sort()) {
    const member: JsonValue | undefined = value[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function quoted(text: string): string {
  const json = JSON.stringify(text);
  // Only a lone surrogate is escaped so; the text itself may hold a backslash before "ud", which is why it is looked at again.
  if (json.includes('\\ud') && LONE_SURROGATE.test(text)) throw new TypeError('a lone surrogate has no canonical form');
  return json;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256, hex, over the canonical JSON. */
export function jsonDigest(value: JsonValue): string {
  return sha256(canonicalJson(value));
}
