import type { JsonValue } from '#ir/json.js';

/** What a JSON Pointer (RFC 6901: `/body/items/0`) points to; undefined when there is nothing. The empty pointer is the whole. */
export function resolvePointer(value: JsonValue, pointer: string): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, name)) return undefined;
    at = Array.isArray(at) ? (/^(0|[1-9]\d*)$/.test(name) ? at[Number(name)] : undefined) : at[name];
  }
  return at;
}

export const POINTER = /^(\/([^~/]|~[01])*)*$/;
