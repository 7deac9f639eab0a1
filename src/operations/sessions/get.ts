import { z } from 'zod';
import { operation } from '../operation.js';
import { sessionView, shownSession } from './view.js';
import { requireSession, sessionReference } from './write.js';

export const getSession = operation({
  name: 'sessions.get',
  summary: 'Show one session. Its runs: `runs.list` with `session`.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ session: sessionReference }),
  output: sessionView,
  run: async ({ session }, room) => shownSession(await requireSession(room, session)),
});
