import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Permission, permissionsOf, type Role } from '#identity/permissions.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import type { Room } from '#operations/room.js';

/** A person who is there by their role alone. */
export function personRoom(room: Room, name: string, role: Role): Room {
  const by = `person:${name}@ops.example`;
  const id = `00000000-0000-4000-8000-${Buffer.from(name.padEnd(6, '_').slice(0, 6)).toString('hex')}`;
  return { ...room, by, principal: { kind: 'person', by, person: id, role }, permissions: permissionsOf(role) };
}

/** A key of an agent, without its HTTP door; `maker`: the person whose key it is. */
export function agentRoom(room: Room, agent: string, scopes: readonly Permission[], maker?: Room): Room {
  const by = `key:${agent}`;
  const person = maker?.principal.person;
  const principal = { kind: 'agent' as const, by, agent, key: 'k', ...(person === undefined ? {} : { person }) };
  return { ...room, by, principal, permissions: new Set(scopes) };
}

/** An API key that was made for an agent. */
export async function agentKey(room: Room, agent: string, scopes: readonly Permission[]): Promise<string> {
  return (await invoke(createKey, { name: agent, agent, scopes: [...scopes] }, room)).key;
}

/** Writes a file below the project folder of a room. */
export async function projectFile({ project }: Pick<Room, 'project'>, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, name)), { recursive: true });
  await writeFile(join(project, name), text);
}

/** The entries of the audit log that tell of intents, in order. */
export async function intentEntries(
  room: Room,
): Promise<{ kind: string; actor: string; data: Record<string, unknown> }[]> {
  const { rows } = await room.database.engine.query(
    `select kind, actor, data from opsroom.audit_entries where org_id = $1 and (kind like 'intent.%' or kind like 'approval.%') order by seq`,
    [room.org],
  );
  return rows;
}
