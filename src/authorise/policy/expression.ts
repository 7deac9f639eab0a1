import { isDeepStrictEqual } from 'node:util';

/** Whether `part` stands anywhere in an expression of Cedar's JSON form. */
export function mentions(expression: unknown, part: Readonly<Record<string, unknown>>): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  if (isDeepStrictEqual(expression, part)) return true;
  return Object.values(expression).some((member) => mentions(member, part));
}
