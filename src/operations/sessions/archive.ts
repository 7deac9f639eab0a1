import { z } from 'zod';
import { operation } from '../operation.js';
import { sessionView, shownSession } from './view.js';
import { changeSession, sessionReference } from './write.js';

const input = z.strictObject({ session: sessionReference });

export const archiveSession = operation({
  name: 'sessions.archive',
  summary: 'Take a session out of the lists. Its runs stay where they are; no new one can be put into it.',
  permission: 'run:start',
  changes: true,
  consequential: false,
  input,
  output: sessionView,
  run: async ({ session }, room) =>
    shownSession(await changeSession(room, session, 'session.archived', () => ({ archivedBy: room.by }))),
});

export const unarchiveSession = operation({
  name: 'sessions.unarchive',
  summary: 'Open an archived session again.',
  permission: 'run:start',
  changes: true,
  consequential: false,
  input,
  output: sessionView,
  run: async ({ session }, room) =>
    shownSession(await changeSession(room, session, 'session.unarchived', () => ({ archivedBy: null }))),
});
