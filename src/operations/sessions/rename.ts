import { z } from 'zod';
import { operation } from '../operation.js';
import { sessionView, shownSession } from './view.js';
import { changeSession, sessionIntent, sessionName, sessionReference } from './write.js';

export const renameSession = operation({
  name: 'sessions.rename',
  summary: 'Give a session another name, or say anew what it is for.',
  permission: 'run:start',
  changes: true,
  consequential: false,
  input: z.strictObject({ session: sessionReference, name: sessionName.optional(), intent: sessionIntent.optional() }),
  output: sessionView,
  run: async ({ session, name, intent }, room) =>
    shownSession(
      await changeSession(room, session, 'session.renamed', () => ({
        ...(name === undefined ? {} : { name }),
        ...(intent === undefined ? {} : { intent }),
      })),
    ),
});
