import type { JsonValue } from './json.js';

/** What an expression computes with. Objects are Maps: a key named `constructor` must not confuse the evaluator. */
export type CelValue = string | number | bigint | boolean | null | CelValue[] | Map<string, CelValue>;

/** Converted objects are kept as long as their source lives: the output of a step is read by many expressions. */
const converted = new WeakMap<object, CelValue>();

/**
 * The one rule for numbers: a JSON number that is a safe integer becomes a CEL int, any other becomes a double.
 * So `5` and `5.0` are the same int, as they are the same JSON number; `1e300` is a double.
 */
export function toCel(value: JsonValue): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = Array.isArray(value)
    ? value.map(toCel)
    : new Map(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
  converted.set(value, result);
  return result;
}

/** A value that JSON cannot hold: an int beyond 2^53, NaN, a type, or a result that is too large. */
export class NotJson extends Error {}

const MAX_DEPTH = 100;

/**
 * The rule backwards: a CEL int becomes a JSON number when it is safe, a double when it is finite (`2.0` is then `2`).
 * `maxNodes` bounds what shared parts may unfold to.
 * @throws NotJson
 */
export function fromCel(value: unknown, maxNodes = 1_000_000): JsonValue {
  let left = maxNodes;
  const convert = (value: unknown, depth: number): JsonValue => {
    if (--left < 0) throw new NotJson('the result is too large');
    if (depth > MAX_DEPTH) throw new NotJson(`the result is nested deeper than ${MAX_DEPTH}`);
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'bigint') return safeNumber(value);
    if (typeof value === 'number') return finiteNumber(value);
    if (Array.isArray(value)) return value.map((element) => convert(element, depth + 1));
    const entries = mapEntries(value);
    if (entries === undefined) throw new NotJson('the result is not a JSON value');
    return Object.fromEntries(entries.map(([key, member]) => [key, convert(member, depth + 1)]));
  };
  return convert(value, 0);
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new NotJson(`the integer ${value} is beyond 2^53; use string(…)`);
  return number;
}

function finiteNumber(value: number): number {
  if (!Number.isFinite(value)) throw new NotJson(`the result is ${value}, which JSON cannot hold`);
  return value;
}

/** Maps come from the scope, plain objects from map literals. */
function mapEntries(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value.entries()].map(([key, member]) => [String(key), member]);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.entries(value);
  return undefined;
}
