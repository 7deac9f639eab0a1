import { z } from 'zod';
import { credentialHash, makeCredential } from '#identity/credential.js';
import { insertIdeSession } from '#identity/ide-store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { operation } from '../operation.js';
import { audit } from '../people/audit.js';
import type { Room, SignedInPerson } from '../room.js';
import { ideSessionView, shownIdeSession } from './view.js';

const HOUR_MS = 3_600_000;

export const openIdeSession = operation({
  name: 'ide.open',
  summary:
    'Open a session for your own editor, which may look and say yes or no to intents as you, for at most twelve hours. Only for a person in a browser, where an owner allows it. The answer alone shows the session’s key.',
  permission: 'approval:give',
  changes: true,
  consequential: true,
  input: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use letters, digits, ".", "_" and "-", at most 63')
      .describe('Of the editor and the machine: `cursor-laptop`.'),
    hours: z.int().min(1).max(12).default(8).describe('How long it works.'),
  }),
  output: ideSessionView.extend({ key: z.string() }),
  run: async ({ name, hours }, room) => {
    const person = signedIn(room);
    const key = makeCredential('ide');
    const now = room.ports.clock.now().getTime();
    const session = { org: room.org, id: uuidv7(now), person: person.id, name, hash: credentialHash(key) };
    const made = await room.database.engineTx(async (tx) => {
      const row = await insertIdeSession(tx, { ...session, expiresAt: new Date(now + hours * HOUR_MS) });
      if (!row) throw notAllowed();
      const data = { sessionId: row.id, name, expiresAt: row.expiresAt.toISOString() };
      await audit(room, person, 'ide_session.opened', data, tx);
      return row;
    });
    return { ...shownIdeSession(made), key };
  },
});

/** A session opens no other: whoever finds one in an editor has it for its hours, and no longer. */
function signedIn({ person, by }: Room): SignedInPerson {
  if (person) return person;
  const mend = 'Open it in a browser: Settings, Editors.';
  throw new OpsroomError('DENIED', { what: `${by} is no person who has signed in.`, where: 'ide.open', mend });
}

const notAllowed = (): OpsroomError =>
  new OpsroomError('DENIED', {
    what: 'Nobody here approves from an editor: no owner of the organisation has allowed it.',
    where: 'ide.open',
    mend: 'Approve in the room, or have an owner allow it: Settings, Editors.',
  });
