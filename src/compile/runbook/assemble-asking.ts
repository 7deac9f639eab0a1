import type { JsonObject } from '#ir/json.js';

/** What somebody is asked before a destructive step. */
export function askText(danger: string): string {
  return `It is not taken back easily: ${danger}. Say yes only if it is meant:`;
}

/** A manual step with the steps that are done only if somebody confirms it. */
export function guarding(body: JsonObject, guards: readonly string[]): JsonObject {
  return { ...body, args: { ...(body['args'] as JsonObject), guards: [...guards] } };
}
