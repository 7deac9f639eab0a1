import { z } from 'zod';
import { listMembers } from '#identity/members-store.js';
import { operation } from '../operation.js';
import { memberView, shownMember } from './view.js';

export const listMembersOperation = operation({
  name: 'members.list',
  summary: 'List the members of the organisation: who they are, their role, since when, and when they last signed in.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ members: z.array(memberView) }),
  run: async (_, room) => {
    const rows = await room.database.door(room.org, (tx) => listMembers(tx, room.org));
    return { members: rows.map((row) => shownMember(row, room)) };
  },
});
