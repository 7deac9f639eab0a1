import { z } from 'zod';
import { endSignIns, listSignIns, type SignInRow } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { audit } from '../people/audit.js';

const signIn = z.object({
  signInId: z.string(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
  /** As its browser named itself. */
  agent: z.string().nullable(),
  /** Of the connection: behind a proxy, the proxy's. */
  address: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
});

const shown = (row: SignInRow, currentId: string | undefined): z.infer<typeof signIn> => ({
  signInId: row.id,
  current: row.id === currentId,
  agent: row.userAgent || null,
  address: row.ipAddress || null,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

export const listMySignIns = operation({
  name: 'me.signIns',
  summary: 'Where the person who asks is signed in, the newest first. Of a program: nowhere.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ signIns: z.array(signIn) }),
  run: async (_, { person, org, database }) => {
    if (!person) return { signIns: [] };
    const rows = await database.door(org, (tx) => listSignIns(tx, person.id));
    return { signIns: rows.map((row) => shown(row, person.signInId)) };
  },
});

export const endMySignIn = operation({
  name: 'me.endSignIn',
  summary: 'End one sign-in of the person who asks, at once. Streams that it holds open are closed within seconds.',
  permission: 'run:read',
  changes: true,
  consequential: false, // signing in again makes it good
  input: z.strictObject({ signIn: z.string().min(1).max(100).describe('The id of the sign-in.') }),
  output: signIn,
  run: (input, room) =>
    room.database.engineTx(async (tx) => {
      const { person } = room;
      const only = z.uuid().safeParse(input.signIn);
      const [ended] = person && only.success ? await endSignIns(tx, person.id, { only: only.data }) : [];
      if (!person || !ended)
        throw new OpsroomError('NOT_FOUND', {
          what: 'You have no such sign-in.',
          mend: 'List them: GET /v1/me/sign-ins.',
        });
      await audit(room, person, 'person.sign_in_ended', { signInId: ended.id }, tx);
      return shown(ended, person.signInId);
    }),
});
