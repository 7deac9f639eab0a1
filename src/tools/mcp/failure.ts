import { OpsroomError } from '#kit/errors.js';
import { asUnreachable } from '#sandbox/unreachable.js';

/** What is known beside the error itself. */
export interface Circumstances {
  /** Why the server was ended from here, or how it ended. */
  readonly own: OpsroomError | undefined;
  /** What it said last beside the protocol. */
  readonly lastWords: string;
}

const MOST_WORDS = 300;

/** Whatever the client throws as an error of ours. Its own words come from the server: they are cut, never read. */
export function connectionFailure(error: unknown, { own, lastWords }: Circumstances): OpsroomError {
  const inner = ours(error);
  if (inner && inner !== own && inner.code !== 'MCP_FAILED') return inner;
  const reason = own ?? inner;
  if (reason) return withWords(reason, lastWords);
  if (!(error instanceof Error)) return new OpsroomError('MCP_FAILED', { cause: error });
  if (isNetwork(error)) return asUnreachable(error);
  if (isUnauthorized(error)) return new OpsroomError('MCP_SIGN_IN', { cause: error });
  const what = `The MCP server answered with an error: ${error.message.slice(0, 1000)}`;
  return withWords(new OpsroomError('MCP_FAILED', { what, cause: error }), lastWords);
}

/** An error of ours that the library has wrapped. */
export function ours(error: unknown): OpsroomError | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1)
    if (one instanceof OpsroomError) return one;
  return undefined;
}

const UNAUTHORIZED = 401;

/** The server lets nobody in who has not signed in, or no longer. */
function isUnauthorized(error: Error): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    if (one.name === 'UnauthorizedError') return true;
    if ('data' in one && (one.data as { status?: unknown } | undefined)?.status === UNAUTHORIZED) return true;
  }
  return false;
}

function withWords(error: OpsroomError, lastWords: string): OpsroomError {
  const last = lastWords.trimEnd().split('\n').at(-1)?.slice(-MOST_WORDS).trim();
  if (!last) return error;
  return new OpsroomError(error.code, {
    what: `${error.message} It said last: ${last}`,
    mend: error.mend,
    cause: error,
  });
}

/** Whether the other side was not reached, by what sockets say. */
export function isNetwork(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1)
    if ('code' in one && typeof one.code === 'string' && /^(E[A-Z]+|UND_ERR_[A-Z_]+)$/.test(one.code)) return true;
  return false;
}
