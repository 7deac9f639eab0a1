import { dbError } from '#db/pg-errors.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';

/** What a driver's error has and a mistake of ours has not: a code, or the words for a connection that broke. */
const CONNECTION = /connection|connect|timeout/i;

/** Anything that an operation throws as an error of the catalogue: the database's own errors keep their meaning. */
export function ledgerError(error: unknown): OpsroomError {
  if (error instanceof OpsroomError) return error;
  const foreign = error instanceof Error && (Object.hasOwn(error, 'code') || CONNECTION.test(error.message));
  return foreign ? dbError(error) : asOpsroomError(error);
}
