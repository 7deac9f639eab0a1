import { LINK_HOURS, makeOwnerLink } from '#operations/people/owner-link.js';
import type { CommandModule } from '../command.js';
import { withExistingRoom } from '../session.js';
import { whereServed } from '../where-served.js';

/**
 * `opsroom owner-link`: for an owner who is locked out, or whose first link has expired. Whoever may read the data directory
 * may make one. JSON: `{ open }`.
 */
export const command: CommandModule = {
  register: (command) => command.argument('[email]', 'which owner, where there are several'),
  examples: ['owner-link', 'owner-link ada@ops.example'],
  run: ({ args: [email], output }) =>
    withExistingRoom(async (session) => {
      const open = await makeOwnerLink(session.room, await whereServed(session), email);
      output.print(open);
      output.note(
        `It works once, within ${LINK_HOURS} hours, for whoever opens it; earlier ones open nothing any more.`,
      );
      output.result({ open });
      return 0;
    }),
};
