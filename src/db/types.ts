import { type CustomTypesConfig, types } from 'pg';

type TypeId = Parameters<typeof types.getTypeParser>[0];

/** bigint as a number. Throws on what a number cannot hold exactly: a wrong value would be worse than an error. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the database's integer ${text} does not fit a number`);
}

/** `{1,NULL,-2}`, of one dimension. pg would leave the members as text. */
export function parseInt8s(text: string): (number | null)[] {
  const members = text === '{}' ? [] : text.slice(1, -1).split(',');
  return members.map((member) => (member === 'NULL' ? null : parseInt8(member)));
}

const asText = (text: string): string => text;

/** By the type's number. 1016 is `bigint[]`: pg's list of names has none for it. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, parseInt8],
  [1016, parseInt8s],
  [types.builtins.DATE, asText],
]);

/**
 * How columns become values: bigint → number, also within an array, date → 'YYYY-MM-DD' (a Date would shift with the time
 * zone), timestamptz → Date, jsonb → its value; the rest is pg's default (numeric stays text).
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: (oid: TypeId, format?: 'text' | 'binary') => PARSERS.get(oid) ?? types.getTypeParser(oid, format),
};
