import { z } from 'zod';
import type { Allowlist } from '#ir/allowlist.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { appendAudit } from '#record/audit-store.js';
import type { Room } from '../room.js';
import {
  findSession,
  insertSession,
  joinSession,
  type NewSession,
  nameTaken,
  type SessionChange,
  type SessionRow,
  sessionOf,
  updateSession,
} from './store.js';

/** The name of a session; one that looks like an id would be taken for one. */
export const sessionName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'use no control characters')
  .refine((name) => !/^[0-9a-f-]{36}$/i.test(name), 'a name does not look like an id');
export const sessionIntent = z.string().trim().max(2000);
export const sessionReference = z.string().min(1).max(120).describe('The session, by its id or its name.');

/** @throws OpsroomError NOT_FOUND */
export async function requireSession(room: Room, which: string): Promise<SessionRow> {
  const found = await room.database.door(room.org, (tx) => findSession(tx, room.org, which));
  if (found) return found;
  throw new OpsroomError('NOT_FOUND', {
    what: 'There is no such session.',
    where: which,
    mend: 'List them: `opsroom sessions`.',
  });
}

/**
 * Makes a session, with its entry in the audit log.
 * @throws OpsroomError USAGE when an open one has the name
 */
export async function makeSession(
  room: Room,
  { name, intent, tools }: { readonly name: string; readonly intent: string; readonly tools: readonly string[] | null },
): Promise<SessionRow> {
  const now = room.ports.clock.now();
  const made: NewSession = { org: room.org, id: uuidv7(now.getTime()), name, intent, tools, by: room.by };
  await room.database.engineTx(async (tx) => {
    if (!(await insertSession(tx, made))) refuseName(name);
    const data = { session: made.id, name, ...(tools === null ? {} : { allowedTools: [...tools] }) };
    await appendAudit(tx, room.org, [{ at: now.toISOString(), kind: 'session.created', actor: room.by, data }]);
  });
  return requireSession(room, made.id);
}

/**
 * Changes a session, with its entry in the audit log.
 * @param kind what the audit log calls it: `session.renamed`
 * @throws OpsroomError NOT_FOUND; USAGE when an open one has the name
 */
export async function changeSession(
  room: Room,
  which: string,
  kind: string,
  change: (now: SessionRow) => Partial<SessionChange>,
): Promise<SessionRow> {
  const before = await requireSession(room, which);
  const { id, name, intent, archivedBy, allowedTools } = { ...before, ...change(before) };
  await room.database.engineTx(async (tx) => {
    if (archivedBy === null && (await nameTaken(tx, room.org, name, { otherThan: id }))) refuseName(name);
    await updateSession(tx, room.org, id, { name, intent, archivedBy, allowedTools });
    const at = room.ports.clock.now().toISOString();
    await appendAudit(tx, room.org, [
      {
        at,
        kind,
        actor: room.by,
        data: { session: id, name, before: before.name, allowedTools: allowedTools && [...allowedTools] },
      },
    ]);
  });
  return requireSession(room, id);
}

function refuseName(name: string): never {
  throw new OpsroomError('USAGE', {
    what: `There is an open session "${name}" already.`,
    mend: 'Choose another name, or archive that one.',
  });
}

/**
 * The session in which a run is to be: that of the name or the id. A name that no open session has makes one.
 * @throws OpsroomError NOT_FOUND for an id that is not there; NOT_ALLOWED_NOW for one that is archived
 */
export async function sessionFor(room: Room, which: string): Promise<string> {
  const find = () => room.database.door(room.org, (tx) => findSession(tx, room.org, which));
  const found = await find();
  if (found?.archivedAt === null) return found.id;
  if (found?.id === which)
    throw new OpsroomError('NOT_ALLOWED_NOW', {
      what: `The session "${found.name}" is archived.`,
      mend: 'Open it again: `opsroom sessions unarchive NAME`.',
    });
  const name = sessionName.safeParse(which);
  if (!name.success)
    throw new OpsroomError('NOT_FOUND', {
      what: 'There is no such session.',
      where: which,
      mend: 'List them: `opsroom sessions`.',
    });
  try {
    return (await makeSession(room, { name: name.data, intent: '', tools: null })).id;
  } catch (error) {
    const faster = await find(); // somebody who began one of that name in the same moment
    if (faster?.archivedAt === null) return faster.id;
    throw error;
  }
}

/** Where a run was put. */
export interface Placed {
  readonly id: string | undefined;
  readonly lists: readonly Allowlist[];
}

/** What a run to come is placed by. */
export interface Placing {
  /** Chosen for it already. */
  readonly id?: string | undefined;
  /** The session, by id or name, that was asked for. */
  readonly session?: string | undefined;
  /** Without a session of its own it goes into that of this run. */
  readonly parent?: string | undefined;
}

/**
 * Puts a run that is not written yet into its session.
 * @returns its id, undefined when it has no session and none was chosen; and what its session allows it to call, as it is now
 * @throws as `sessionFor`
 */
export async function placeRun(room: Room, { id, session, parent }: Placing): Promise<Placed> {
  const found = session === undefined ? await inherited(room, parent) : await sessionFor(room, session);
  if (found === undefined) return { id, lists: [] };
  const placed = id ?? uuidv7(room.ports.clock.now().getTime());
  await joinSession(room.database.engine, room.org, placed, found);
  const tools = await room.database.door(
    room.org,
    async (tx) => (await findSession(tx, room.org, found))?.allowedTools,
  );
  return { id: placed, lists: tools ? [{ of: 'session', tools }] : [] };
}

async function inherited(room: Room, parent: string | undefined): Promise<string | undefined> {
  return parent === undefined ? undefined : room.database.door(room.org, (tx) => sessionOf(tx, room.org, parent));
}
