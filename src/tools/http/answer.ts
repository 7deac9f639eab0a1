import type { ToolResult } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import type { FetchReply } from '#sandbox/fetch.js';
import { readableBody } from '#sandbox/reply.js';
import type { HttpArgs } from './args.js';

const DAY_MS = 86_400_000;

/** `Retry-After` (RFC 9110 §10.2.3), seconds or an HTTP date, as milliseconds from `now`; undefined when it says nothing usable. At most a day. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(DAY_MS, Number(text) * 1000);
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(DAY_MS, Math.max(0, at - now.getTime()));
}

/** Statuses after which the same request may succeed later: 408, 429 and the server's own failures. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

export function isExpected(status: number, expect: HttpArgs['expectStatus']): boolean {
  if (expect === undefined) return status >= 200 && status <= 299;
  return Array.isArray(expect) ? expect.includes(status) : expect === status;
}

/** The result of a call that got an answer. */
export function answered(reply: FetchReply, expect: HttpArgs['expectStatus'], now: Date): ToolResult {
  const { body, bodyEncoding } = readableBody(reply);
  const { status, headers, truncated, url } = reply;
  const output: JsonValue = { status, headers: { ...headers }, body: body as JsonValue, bodyEncoding, truncated, url };
  if (isExpected(status, expect)) return { ok: true, output, isolation: 'none' };
  const error = new OpsroomError('HTTP_STATUS', { what: `The server answered ${status}` });
  const retryable = isRetryableStatus(status);
  const wait = retryable ? retryAfterMs(headers['retry-after'], now) : undefined;
  const failed = { code: error.code, message: error.message, retryable };
  return { ok: false, output, error: failed, isolation: 'none', ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}
