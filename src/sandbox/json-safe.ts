import type { JsonValue } from '#ir/json.js';

/** A decimal as a number when nothing is lost, else as its text: `count(*)` compares as a number, a 20-digit id stays exact. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) && String(value) === text ? value : text;
}

/** Any driver's value as JSON: dates as ISO 8601, bytes as base64, big integers and non-finite numbers as text, undefined as null. */
export function jsonSafe(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return exactNumber(value.toString());
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonSafe);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonSafe(inner)]));
  return typeof value === 'symbol' ? value.toString() : null;
}
