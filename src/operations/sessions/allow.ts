import { z } from 'zod';
import { toolPatternsSchema } from '#ir/allowlist.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { sessionView, shownSession } from './view.js';
import { changeSession, sessionReference } from './write.js';

export const allowTools = operation({
  name: 'sessions.allow',
  summary:
    'Say what runs of a session may call, and nothing else: `shell`, `mcp:github:*`. It counts for runs that are asked for from now on.',
  permission: 'run:start',
  changes: true,
  consequential: false,
  input: z.strictObject({
    session: sessionReference,
    tools: toolPatternsSchema.nullable().describe('Null: whatever the room has.'),
  }),
  output: sessionView,
  run: async ({ session, tools }, room) => {
    if (room.principal.kind === 'agent') {
      const mend = 'Ask somebody who works in the session.';
      throw new OpsroomError('DENIED', { what: 'An agent does not say what it may call.', mend });
    }
    return shownSession(await changeSession(room, session, 'session.tools_allowed', () => ({ allowedTools: tools })));
  },
});
