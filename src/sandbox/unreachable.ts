import { OpsroomError } from '#kit/errors.js';

/** The innermost cause that has a code: happy eyeballs wraps the errors of its attempts in an AggregateError. */
function rootOf(error: Error): Error {
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner instanceof Error && !hasText(error) ? rootOf(inner) : error;
}

const hasText = (error: Error) => error.message !== '';

/** A failure to reach the other side as UNREACHABLE, with the socket's own words; an OpsroomError stays what it is. */
export function asUnreachable(thrown: unknown): OpsroomError {
  if (thrown instanceof OpsroomError) return thrown;
  if (!(thrown instanceof Error)) return new OpsroomError('UNREACHABLE', { cause: thrown });
  const root = rootOf(thrown);
  const text = root.message || ('code' in root ? String(root.code) : root.name);
  return new OpsroomError('UNREACHABLE', { what: `The other side cannot be reached: ${text}`, cause: thrown });
}

/** Whether the other side surely is not there: nobody listens, or the name does not exist. Anything else may be a bad moment. */
export function isAbsent(thrown: unknown): boolean {
  const root =
    thrown instanceof Error
      ? rootOf(thrown.name === 'OpsroomError' && thrown.cause instanceof Error ? thrown.cause : thrown)
      : undefined;
  const code = root && 'code' in root ? root.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND';
}
