import { z } from 'zod';
import { endIdeSession } from '#identity/ide-store.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { ideSessionView, shownIdeSession } from './view.js';

export const endIdeSessionOperation = operation({
  name: 'ide.end',
  summary: 'End the session of an editor at once: one’s own, or as an owner anybody’s.',
  permission: 'run:read',
  changes: true,
  consequential: false, // another is opened in a moment
  input: z.strictObject({ ideSession: z.string().min(1).max(100).describe('Its id.') }),
  output: ideSessionView,
  run: ({ ideSession: session }, room) =>
    room.database.engineTx(async (tx) => {
      const { org, by, principal, permissions } = room;
      const any = permissions === undefined || permissions.has('room:admin');
      const person = any ? null : (principal.person ?? NOBODY);
      const row = await endIdeSession(tx, { org, id: session, person, by });
      if (!row)
        throw new OpsroomError('NOT_FOUND', {
          what: 'You have no such session.',
          where: session,
          mend: 'List them: GET /v1/ide-sessions.',
        });
      if (row.isNew) await auditBy(room, org, 'ide_session.ended', { sessionId: row.id, name: row.name }, tx);
      return shownIdeSession(row);
    }),
});

/** Whoever is nobody has no sessions. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
