import { z } from 'zod';
import { takeSignIns } from '#catalog/mcp/sign-in-store.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';
import { serverReference } from './form.js';
import { requirePerson } from './person.js';
import { readServer, requireServer } from './read.js';
import { REVOCATIONS } from './sign-ins.js';
import { noteSignedOut, revokeFrom } from './sign-out.js';
import { serverView } from './view.js';
import { looked } from './write.js';

const MATTER = 'signing the room in at an MCP server';

/** Where the room's own page takes a person who comes back. */
const OWN_PAGE = '/settings/mcp';

export const signInAtMcp = operation({
  name: 'mcp.signIn',
  summary:
    'Begin to sign the room in at an MCP server by OAuth: answers the page that you have to visit. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    server: serverReference,
    redirect: z
      .url()
      .max(500)
      .optional()
      .describe(
        'Where you come back to: a port of your own machine (http://127.0.0.1:PORT/…). Left out: the Settings page.',
      ),
  }),
  output: z.object({ page: z.string(), until: z.string() }),
  run: async ({ server, redirect }, room) => {
    requirePerson(room, MATTER);
    const row = await room.database.door(room.org, (tx) => requireServer(tx, room, server));
    const to = redirect === undefined ? `${room.url()}${OWN_PAGE}` : requireOwn(redirect, room);
    const { page, until } = await room.mcpSignIns.begin(row, { by: room.by, redirect: to });
    return { page, until: until.toISOString() };
  },
});

/** @throws OpsroomError USAGE for an address that is not ours: a code must never be carried elsewhere */
function requireOwn(redirect: string, room: Pick<Room, 'url'>): string {
  const { protocol, hostname, origin, pathname, search, hash } = new URL(redirect);
  const isLoopback = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === '[::1]');
  const isOwn = origin === new URL(room.url()).origin && pathname === OWN_PAGE;
  if ((isLoopback || isOwn) && search === '' && hash === '') return redirect;
  throw new OpsroomError('USAGE', {
    what: 'Who signs in comes back to the room, or to a port of their own machine.',
    where: 'redirect',
    mend: 'Leave it out, or give http://127.0.0.1:PORT/PATH.',
  });
}

const back = z.string().min(1).max(4000);

export const signedInAtMcp = operation({
  name: 'mcp.signedIn',
  summary:
    'Finish signing the room in at an MCP server, with what you came back with. Only who has begun it does, once, within ten minutes.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  secretInput: true,
  input: z.strictObject({ state: back, code: back, iss: back.optional() }),
  output: serverView,
  run: async (came, room) => {
    requirePerson(room, MATTER);
    const row = await room.mcpSignIns.finish(room.org, room.by, came);
    const { signIn } = await readServer(room, row.id);
    const data = { server: row.id, name: row.name, issuer: signIn?.issuer ?? '' };
    await room.database.engineTx((tx) => note(tx, room, 'mcp.signed_in', data));
    return looked(room, row);
  },
});

export const signOutOfMcp = operation({
  name: 'mcp.signOut',
  summary:
    'Forget the sign-in at an MCP server, and revoke its tokens where they came from; the answer says whether that was heard. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ server: serverReference }),
  output: serverView.extend({ revocation: z.enum(REVOCATIONS) }),
  run: async ({ server }, room) => {
    requirePerson(room, MATTER);
    const { row, held } = await room.database.engineTx(async (tx) => {
      const row = await requireServer(tx, room, server, true);
      const held = await takeSignIns(tx, room.org, row.id);
      await noteSignedOut(tx, room, row);
      return { row, held };
    });
    const revocation = await revokeFrom(room, row, held);
    return { ...(await readServer(room, row.id)), revocation };
  },
});
