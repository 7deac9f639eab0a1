import { OpsroomError } from '#kit/errors.js';
import type { JsonObject, JsonValue } from './json.js';

export interface CleanLimits {
  /** UTF-16 units of text and keys, plus eight for every other value. */
  readonly maxSize: number;
  readonly maxDepth: number;
}

const DEFAULTS: CleanLimits = { maxSize: 8 * 1024 * 1024, maxDepth: 100 };

/**
 * The output of a tool as JSON that PostgreSQL's jsonb and RFC 8785 both accept: NUL is dropped, lone surrogates become
 * U+FFFD, undefined members are left out. Of keys that become equal, the last stays.
 * @throws OpsroomError OUTPUT_REFUSED for what is no JSON (NaN, functions, dates, …), too deep or too large
 */
export function cleanJson(value: unknown, limits: Partial<CleanLimits> = {}): JsonValue {
  const { maxSize, maxDepth } = { ...DEFAULTS, ...limits };
  let left = maxSize;
  const spend = (amount: number) => {
    left -= amount;
    if (left < 0) refuse(`it is larger than ${maxSize} characters`);
  };
  const clean = (value: unknown, depth: number): JsonValue => {
    if (typeof value === 'string') {
      spend(value.length + 2);
      return cleanText(value);
    }
    spend(8);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(`it holds ${value}`);
    if (depth >= maxDepth) refuse(`it is nested deeper than ${maxDepth}`);
    if (Array.isArray(value)) return value.map((element) => clean(element ?? null, depth + 1));
    if (!isPlain(value)) return refuse(`it holds a ${typeof value}`);
    const members: JsonObject = {};
    for (const [key, member] of Object.entries(value))
      if (member !== undefined) put(members, clean(key, depth) as string, clean(member, depth + 1));
    return members;
  };
  return clean(value, 0);
}

/** To assign `__proto__` would change the prototype. */
function put(members: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') members[key] = value;
  else Object.defineProperty(members, key, { value, configurable: true, enumerable: true, writable: true });
}

/** By code units, as emoji have surrogates, too: a quick look that spares nearly all texts the thorough one. */
const SUSPECT = /[\0\uD800-\uDFFF]/;

/** Text without NUL, which jsonb cannot hold, and with lone surrogates replaced, which have no UTF-8 form. */
export function cleanText(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD') : text;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function refuse(why: string): never {
  throw new OpsroomError('OUTPUT_REFUSED', { what: `The output of the step cannot be stored: ${why}.` });
}
