import { OpsroomError } from '#kit/errors.js';
import { LINK_HOURS, makeOwnerLink } from '#operations/people/owner-link.js';
import { reachable } from '#server/serve.js';
import { findServing } from '#server/serving.js';
import type { CommandModule } from '../command.js';
import { type Session, withRoom } from '../session.js';

/**
 * `opsroom owner-link`: for an owner who is locked out, or whose first link has expired. Whoever may read the data directory
 * may make one. JSON: `{ open }`.
 */
export const command: CommandModule = {
  register: (command) => command.argument('[email]', 'which owner, where there are several'),
  examples: ['owner-link', 'owner-link ada@ops.example'],
  run: ({ args: [email], output }) =>
    withRoom(async (session) => {
      const open = await makeOwnerLink(session.room, await addressOf(session), email);
      output.print(open);
      output.note(
        `It works once, within ${LINK_HOURS} hours, for whoever opens it; earlier ones open nothing any more.`,
      );
      output.result({ open });
      return 0;
    }),
};

/** @throws OpsroomError USAGE when the room has no address now */
async function addressOf({ config, room }: Session): Promise<string> {
  if (config.signIn.publicUrl !== undefined) return config.signIn.publicUrl;
  const serving = await findServing(room.home);
  if (!serving || serving.port === 0) {
    throw new OpsroomError('USAGE', {
      what: 'The room does not run, so a link would lead nowhere.',
      mend: 'Start it: `opsroom start`. Until it has an owner, that prints such a link as well.',
    });
  }
  const host = serving.host.includes(':') ? `[${serving.host}]` : serving.host;
  return reachable(`http://${host}:${serving.port}`);
}
