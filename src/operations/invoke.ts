import type { z } from 'zod';
import { type ErrorCode, OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { callFact, withoutSecrets } from './audit/note.js';
import { ledgerError } from './ledger-error.js';
import type { Operation } from './operation.js';
import type { Room } from './room.js';

/**
 * The way from a door to a use case: what came in is validated, the room's principal authorised, the operation runs, and the
 * audit log gets its entry before the answer is given.
 * @throws OpsroomError USAGE that names the member at fault; DENIED that names the permission; what the operation throws; DATABASE_UNREACHABLE and the like
 */
export async function invoke<I, O>(operation: Operation<I, O>, input: unknown, room: Room): Promise<O> {
  const beganMs = room.ports.clock.monotonicMs();
  try {
    const valid = validated(operation.input, input);
    authorise(operation, room);
    const output = await operation.run(valid, room);
    await noteCall(operation, { input, output, beganMs }, room);
    return output;
  } catch (error) {
    const told = ledgerError(error);
    await noteCall(operation, { input, refused: told.code, beganMs }, room);
    throw told;
  }
}

interface Called {
  readonly input: unknown;
  readonly output?: unknown;
  /** The code of the error with which it ended. */
  readonly refused?: ErrorCode;
  readonly beganMs: number;
}

/** The audit log has every call that may change something, every question at `/ai/*`, and whoever asked for more than they may. */
async function noteCall(operation: Operation, { input, output, refused, beganMs }: Called, room: Room): Promise<void> {
  if (!operation.changes && room.origin.channel !== 'ai' && refused !== 'DENIED') return;
  if (refused === undefined && operation.audited === 'itself') return;
  const ms = room.ports.clock.monotonicMs() - beganMs;
  const end = { outcome: refused ?? 'ok', output, ms, at: room.ports.clock.now() };
  const fact = await withoutSecrets(callFact(operation, input, room, end), room);
  const noted =
    refused === undefined ? room.calls.note(room.org, fact) : room.calls.noteRefusal(room.org, fact, refused);
  // Whoever learns that the database is away need not wait until that is found out a second time.
  if (refused !== 'DATABASE_UNREACHABLE') await noted;
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
