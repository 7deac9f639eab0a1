import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';

type Asker = Pick<Room, 'by' | 'principal'>;

/** The machine's user, and whoever has signed in: no key, and so no agent. */
export const isPerson = ({ principal: { kind } }: Pick<Asker, 'principal'>): boolean =>
  kind === 'person' || kind === 'machine';

/**
 * Which MCP servers there are and what they may do is for people: each is a program of this machine, or an address that secrets go to.
 * @param matter what is for people, as the beginning of a sentence
 * @throws OpsroomError DENIED
 */
export function requirePerson(room: Asker, matter: string): void {
  if (isPerson(room)) return;
  throw new OpsroomError('DENIED', {
    what: `${room.by} is no person: ${matter} is for people.`,
    mend: 'Sign in, or use the command line of the room’s machine.',
  });
}
