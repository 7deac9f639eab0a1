import { OpsroomError } from '#kit/errors.js';
import { asUnreachable } from '../unreachable.js';

/** How a statement failed, and whether running it again may help. */
export interface SqlFailure {
  readonly error: OpsroomError;
  readonly retryable: boolean;
}

/** SQLSTATE classes and codes that pass: connection (08), shutdown and start-up (57P0x), too many connections, serialisation, deadlock. */
const RETRYABLE_STATE = /^(08...|57P0[1-5]|53300|40001|40P01)$/;
/** ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. */
const RETRYABLE_ERRNO: ReadonlySet<number> = new Set([1040, 1053, 1205, 1213]);
/** query_canceled of PostgreSQL; ER_QUERY_INTERRUPTED, ER_QUERY_TIMEOUT and MariaDB's ER_STATEMENT_TIMEOUT. */
const CANCELLED_STATE = '57014';
const CANCELLED_ERRNO: ReadonlySet<number> = new Set([1317, 3024, 1969]);

interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly severity?: string;
  readonly sqlState?: string;
}

/**
 * Sorts what a driver threw: an answer of the server (SQL_FAILED, with its own code), a cancelled statement (STEP_TIMEOUT),
 * or no answer at all (UNREACHABLE, retryable).
 */
export function sqlFailure(thrown: unknown): SqlFailure {
  if (thrown instanceof OpsroomError) {
    return { error: thrown, retryable: thrown.code === 'UNREACHABLE' || thrown.code === 'STEP_TIMEOUT' };
  }
  const error: DriverError = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.severity !== undefined)
    return answered(error, error.code ?? '', error.code === CANCELLED_STATE, RETRYABLE_STATE.test(error.code ?? ''));
  if (error.sqlState !== undefined) {
    const number = error.errno ?? 0;
    return answered(error, error.code ?? String(number), CANCELLED_ERRNO.has(number), RETRYABLE_ERRNO.has(number));
  }
  return { error: asUnreachable(error), retryable: true };
}

function answered(error: DriverError, code: string, cancelled: boolean, retryable: boolean): SqlFailure {
  const what = `${error.message} (${code})`;
  return {
    error: new OpsroomError(cancelled ? 'STEP_TIMEOUT' : 'SQL_FAILED', { what, cause: error }),
    retryable: retryable || cancelled,
  };
}
