import { type CustomTypesConfig, types } from 'pg';

type TypeId = Parameters<typeof types.getTypeParser>[0];

/** bigint as a number. Throws on what a number cannot hold exactly: a wrong value would be worse than an error. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the database's integer ${text} does not fit a number`);
}

/** `bigint[]`: pg's list of names has none for it. */
const INT8_ARRAY: number = 1016;

/** `{1,NULL,-2}`, of one dimension. pg would leave the members as text. */
export function parseInt8s(text: string): (number | null)[] {
  const members = text === '{}' ? [] : text.slice(1, -1).split(',');
  return members.map((member) => (member === 'NULL' ? null : parseInt8(member)));
}

/**
 * How columns become values: bigint → number, also within an array, date → 'YYYY-MM-DD' (a Date would shift with the time zone), timestamptz
 * → Date, jsonb → its value; the rest is pg's default (numeric stays text).
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: (oid: TypeId, format?: 'text' | 'binary') => {
    if (oid === types.builtins.INT8) return parseInt8;
    if (oid === INT8_ARRAY) return parseInt8s;
    if (oid === types.builtins.DATE) return asText;
    return types.getTypeParser(oid, format);
  },
};

const asText = (text: string): string => text;
