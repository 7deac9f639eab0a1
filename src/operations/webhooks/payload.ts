import { parseBoundedJson } from '#ir/bounded-json.js';
import type { JsonValue } from '#ir/json.js';

/**
 * The payload of a delivery: JSON, or JSON in the field `payload` of a form, as GitHub sends it unless told otherwise. What only says
 * that it is a form, as curl does of whatever it sends, is read as JSON.
 * @throws OpsroomError USAGE
 */
export function parsePayload(body: Uint8Array, contentType: string): JsonValue {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType);
  const field = isForm ? new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload') : null;
  return parseBoundedJson(field === null ? body : Buffer.from(field));
}
