import type { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { ledgerError } from './ledger-error.js';
import type { Operation } from './operation.js';
import type { Room } from './room.js';

/**
 * The way from a door to a use case: what came in is validated, the room's principal authorised, and the operation runs.
 * @throws OpsroomError USAGE that names the member at fault; DENIED that names the permission; what the operation throws; DATABASE_UNREACHABLE and the like
 */
export async function invoke<I, O>(operation: Operation<I, O>, input: unknown, room: Room): Promise<O> {
  const valid = validated(operation.input, input);
  authorise(operation, room);
  try {
    return await operation.run(valid, room);
  } catch (error) {
    throw ledgerError(error);
  }
}

/** @throws OpsroomError DENIED that names the permission */
export function authorise({ name, permission }: Pick<Operation, 'name' | 'permission'>, room: Room): void {
  if (room.permissions?.has(permission) === false) {
    throw new OpsroomError('DENIED', { what: `${room.by} has not the permission ${permission}.`, where: name });
  }
}

/** The input of an operation with its defaults. @throws OpsroomError USAGE that names the member at fault */
export function validated<I>(schema: z.ZodType<I>, input: unknown): I {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  const subject = where === '' ? 'The request' : `"${where}"`;
  throw new OpsroomError('USAGE', { what: `${issue ? issueWords(subject, issue) : `${subject} is wrong`}.` });
}
