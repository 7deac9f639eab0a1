import { z } from 'zod';
import { toolPatternsSchema } from '#ir/allowlist.js';
import { operation } from '../operation.js';
import { sessionView, shownSession } from './view.js';
import { makeSession, sessionIntent, sessionName } from './write.js';

export const createSession = operation({
  name: 'sessions.create',
  summary: "Begin a session: one intent's workspace, which groups its runs.",
  permission: 'run:start',
  changes: true,
  consequential: false,
  input: z.strictObject({
    name: sessionName,
    intent: sessionIntent.default('').describe('What it is for.'),
    tools: toolPatternsSchema.nullable().default(null).describe('What its runs may call. Null: whatever the room has.'),
  }),
  output: sessionView,
  run: async (asked, room) => shownSession(await makeSession(room, asked)),
});
