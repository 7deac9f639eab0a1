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
  const said = Object.entries(value).filter(([key]) => key !== 'pattern' || !isToldBy(value));
  return Object.fromEntries(said.map(([key, member]) => [key, inlined(member)]));
}

/** A time's or an id's `format` says it all: its pattern, of up to 400 characters, would be read by every model that is offered it. */
const isToldBy = (value: object): boolean =>
  'format' in value && (value.format === 'date-time' || value.format === 'uuid');
