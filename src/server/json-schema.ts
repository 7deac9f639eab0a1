import { z } from 'zod';

export type Schema = Record<string, unknown>;

/** The schema without definitions of its own: zod makes those for "any JSON value" alone, which JSON Schema says as `{}`. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, $defs: __, ...made } = z.toJSONSchema(schema, { io });
  return inlined(made) as Schema;
}

function inlined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '$ref')) return {};
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inlined(member)]));
}
