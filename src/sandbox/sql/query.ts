import { OpsroomError } from '#kit/errors.js';
import { classifyAddress } from '../addresses.js';
import { abortReason } from '../deadline.js';
import { pinHost } from '../pinned.js';
import { type SqlFailure, sqlFailure } from './failure.js';
import type { SqlResult, SqlSession, SqlStatement } from './session.js';
import { readingProblem } from './statement.js';
import { type SqlEngine, sqlTarget, tlsMode } from './target.js';

export interface SqlCall extends SqlStatement {
  readonly url: string;
  readonly engine?: SqlEngine;
  /** One read-only transaction, rolled back at the end; otherwise a transaction that is committed. */
  readonly readOnly: boolean;
  readonly allowAddresses: readonly string[];
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export type SqlOutcome = { readonly ok: true; readonly result: SqlResult } | ({ readonly ok: false } & SqlFailure);

/**
 * Runs one statement in one transaction on a database of its own connection. Resolves for every failure of the outside
 * world: refused addresses, no connection, an error of the server, abort (the statement is then cancelled on the server).
 */
export async function sqlQuery(call: SqlCall): Promise<SqlOutcome> {
  let session: SqlSession | undefined;
  let committing = false;
  const stop = () => {
    const running = session;
    if (!running) return;
    // The socket is closed in any case: a server that does not answer the cancel must not hold the step.
    void running
      .cancel()
      .catch(() => {})
      .finally(() => running.close());
  };
  try {
    if (call.signal.aborted) throw abortReason(call.signal);
    session = await unlessAborted(open(call), call.signal);
    call.signal.addEventListener('abort', stop, { once: true });
    if (call.signal.aborted) throw abortReason(call.signal);
    await session.begin(call.readOnly, Math.max(1, Math.floor(call.timeoutMs)));
    const result = await session.run(call);
    if (call.readOnly) await session.rollback();
    committing = !call.readOnly;
    if (committing) await session.commit();
    return { ok: true, result };
  } catch (error) {
    return { ok: false, ...whyFailed(error, call, committing) };
  } finally {
    call.signal.removeEventListener('abort', stop);
    if (!call.signal.aborted) session?.close();
  }
}

/** Connecting can take seconds; an abort does not wait for it, and a session that opens afterwards is closed. */
function unlessAborted(opening: Promise<SqlSession>, signal: AbortSignal): Promise<SqlSession> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(abortReason(signal));
      opening.then((session) => session.close()).catch(() => {});
    };
    signal.addEventListener('abort', stop, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function open(call: SqlCall): Promise<SqlSession> {
  const target = sqlTarget(call.url, call.engine);
  const problem = call.readOnly ? readingProblem(call.query) : undefined;
  if (problem) {
    throw new OpsroomError('ARGUMENT_INVALID', {
      what: `query: not a statement that only reads: ${problem}`,
      mend: 'Use `action: execute` for statements that change something.',
    });
  }
  const pinned = await pinHost(target.host, target.port, call);
  const isPublic = pinned.addresses.some((address) => classifyAddress(address) === 'public');
  const tls = tlsMode(target.tls, isPublic);
  // Loaded when a database is called: every command that only names the tool would wait for both of them.
  if (target.engine === 'postgres') return (await import('./postgres.js')).openPostgres(target, pinned, tls);
  return (await import('./mysql.js')).openMysql(target, pinned, tls);
}

function whyFailed(thrown: unknown, call: SqlCall, committing: boolean): SqlFailure {
  const failure = sqlFailure(call.signal.aborted ? abortReason(call.signal) : thrown);
  const answered = failure.error.code === 'SQL_FAILED';
  if (!committing || answered) return failure;
  const what = `${failure.error.message}; the commit had been sent, so whether it took effect is not known`;
  return { error: new OpsroomError(failure.error.code, { what, cause: thrown }), retryable: false };
}
