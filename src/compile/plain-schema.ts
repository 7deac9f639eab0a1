import type { JsonObject, JsonValue } from '#ir/json.js';

const TYPES: ReadonlySet<JsonValue> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/**
 * Whether a JSON Schema holds only what most inputs need, and that rightly. Such a one is known to be in order without a look at
 * the schema of schemas, which takes longer to load than a runbook to compile. False says nothing about the others.
 */
export function isPlainSchema(schema: JsonValue): boolean {
  if (typeof schema === 'boolean') return true;
  return isObject(schema) && Object.entries(schema).every(([keyword, value]) => isPlain(keyword, value));
}

function isPlain(keyword: string, value: JsonValue): boolean {
  switch (keyword) {
    case 'default':
      return true;
    case 'title':
    case 'description':
      return typeof value === 'string';
    case 'type':
      return TYPES.has(value);
    case 'enum':
      return Array.isArray(value) && value.length > 0;
    case 'minLength':
    case 'maxLength':
      return Number.isInteger(value) && Number(value) >= 0;
    case 'required':
      return isNames(value);
    case 'const':
      return true;
    case 'if':
    case 'then':
      return isPlainSchema(value);
    case 'allOf':
      return Array.isArray(value) && value.length > 0 && value.every(isPlainSchema);
    case 'dependentSchemas':
    case 'properties':
      return isObject(value) && Object.values(value).every(isPlainSchema);
    case 'items':
    case 'additionalProperties':
      return isPlainSchema(value);
    default:
      return false;
  }
}

function isNames(value: JsonValue): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((name) => typeof name === 'string') && new Set(value).size === value.length;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
