import { parseBoundedJson } from '#ir/bounded-json.js';
import type { JsonValue } from '#ir/json.js';

/** The payload of a delivery: JSON, or JSON in the field `payload` of a form, as GitHub sends it unless told otherwise. @throws OpsroomError USAGE */
export function parsePayload(body: Uint8Array, contentType: string): JsonValue {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) return parseBoundedJson(body);
  const field = new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload') ?? '';
  return parseBoundedJson(Buffer.from(field));
}
