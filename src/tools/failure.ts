import { z } from 'zod';
import type { ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { type ErrorCode, OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { asUnreachable } from '#sandbox/unreachable.js';

/** Failures that the same call may get over; a refused address or a wrong argument stays refused. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'STEP_TIMEOUT', 'DATABASE_UNREACHABLE']);

/** Validates rendered arguments. Throws ARGUMENT_INVALID naming each wrong field, never its value: it may be a secret. */
export function parseArgs<T>(schema: z.ZodType<T>, args: JsonObject): T {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => issueWords(issue.path.join('.') || 'args', issue));
  throw new OpsroomError('ARGUMENT_INVALID', { what: problems.join('; ') });
}

/** A call that got no answer, as a result. `retryable` overrides what the error's code says. */
export function failed(thrown: unknown, retryable?: boolean): ToolResult {
  const { code, message } = asUnreachable(thrown);
  return {
    ok: false,
    output: null,
    error: { code, message, retryable: retryable ?? RETRYABLE.has(code) },
    isolation: 'none',
  };
}
