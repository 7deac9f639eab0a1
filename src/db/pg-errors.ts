import { DatabaseError } from 'pg';
import { OpsroomError } from '#kit/errors.js';

/** SQLSTATEs of servers that cannot take us in: shutting down, connection trouble, too many clients, wrong password. */
const UNREACHABLE = /^(57P|08|53300|28)/;
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT)$/;

/** Any error of a statement or a connection as one of the catalogue: DISK_FULL, DATABASE_UNREACHABLE, DATABASE_FAILED. */
export function dbError(error: unknown): OpsroomError {
  if (error instanceof OpsroomError) return error;
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (code === '53100') return new OpsroomError('DISK_FULL', { where: message, cause: error });
  if (UNREACHABLE.test(code) || NETWORK.test(code) || !(error instanceof DatabaseError)) {
    return new OpsroomError('DATABASE_UNREACHABLE', { where: message || code, cause: error });
  }
  return new OpsroomError('DATABASE_FAILED', { where: `${code} ${message}`, cause: error });
}

/**
 * True when the server itself answered ERROR: what was sent has certainly not been committed. False when the outcome is
 * unknown: a lost connection, a shutdown (class 57P), class 08, 40003, or the end of the session (FATAL, PANIC).
 */
export function isCertainlyNotCommitted(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false; // EPIPE has five letters too
  if (error.severity !== 'ERROR' || !error.code) return false;
  return !/^(57P|08|40003)/.test(error.code);
}
