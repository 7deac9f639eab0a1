import { type CustomTypesConfig, types } from 'pg';

type TypeId = Parameters<typeof types.getTypeParser>[0];

/** bigint as a number. Throws on what a number cannot hold exactly: a wrong value would be worse than an error. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the database's integer ${text} does not fit a number`);
}

/**
 * How columns become values: bigint → number, date → 'YYYY-MM-DD' (a Date would shift with the time zone), timestamptz
 * → Date, jsonb → its value; the rest is pg's default (numeric stays text).
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: (oid: TypeId, format?: 'text' | 'binary') => {
    if (oid === types.builtins.INT8) return parseInt8;
    if (oid === types.builtins.DATE) return asText;
    return types.getTypeParser(oid, format);
  },
};

const asText = (text: string): string => text;
