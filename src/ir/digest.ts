import { hash } from 'node:crypto';
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
  for (const key of inOrder(Object.keys(value))) {
    const member: JsonValue | undefined = value[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** Looked at before it is sorted: whoever writes objects with their members in order has them hashed in half the time. */
function inOrder(keys: string[]): string[] {
  for (let n = 1; n < keys.length; n++) {
    // Both compare UTF-16 code units, as the RFC demands.
    if ((keys[n - 1] as string) > (keys[n] as string)) return keys.sort();
  }
  return keys;
}

/** Nothing in it is escaped: most keys and texts are so, and a call of JSON.stringify takes several times as long. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const json = JSON.stringify(text);
  // Only a lone surrogate is escaped so; the text itself may hold a backslash before "ud", which is why it is looked at again.
  if (json.includes('\\ud') && LONE_SURROGATE.test(text)) throw new TypeError('a lone surrogate has no canonical form');
  return json;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256, hex, over the canonical JSON. */
export function jsonDigest(value: JsonValue): string {
  return sha256(canonicalJson(value));
}
