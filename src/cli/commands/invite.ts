import { createInvitation } from '#operations/invitations/create.js';
import { listInvitationsOperation } from '#operations/invitations/list.js';
import { revokeInvitationOperation } from '#operations/invitations/revoke.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import { atLeastOne } from '../numbers.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';
import { whereServed } from '../where-served.js';

interface Options {
  readonly role: string;
  readonly days: number;
  readonly list?: boolean;
  readonly revoke?: string;
}

/** `opsroom invite`: makes the link by which somebody becomes a member, once. */
export const command: CommandModule = {
  register(command) {
    command
      .argument('[email]', 'whom it is for; left out: whoever has the link')
      .option('--role <role>', 'owner, approver, operator or viewer', 'operator')
      .option('--days <n>', 'after how many days the link opens nothing any more', atLeastOne, 7)
      .option('--list', 'show the invitations that there are')
      .option('--revoke <which>', 'have one open nothing any more: its id, or the e-mail that it waits for');
  },
  examples: [
    'invite bea@ops.example --role operator',
    'invite --role viewer',
    'invite --list',
    'invite --revoke bea@ops.example',
  ],
  run: ({ args: [email], command, output }) => {
    const options = command.opts<Options>();
    return withExistingRoom(async (session) => {
      const { room } = session;
      if (options.list) await list(room, output);
      else if (options.revoke !== undefined) await revoke(room, options.revoke, output);
      else {
        const url = await whereServed(session);
        await create({ ...room, url: () => url }, email, options, output);
      }
      return 0;
    });
  },
};

async function create(room: Room, email: string | undefined, { role, days }: Options, output: Output): Promise<void> {
  const made = await invoke(createInvitation, { email, role, days }, room);
  output.print(made.url);
  const whom = made.email === null ? 'whoever opens it' : `${oneLine(made.email)} alone`;
  output.note(`It works once, until ${time(made.expiresAt)}, for ${whom}, as ${made.role}. It is not shown again.`);
  output.result(made);
}

async function revoke(room: Room, invitation: string, output: Output): Promise<void> {
  const ended = await invoke(revokeInvitationOperation, { invitation }, room);
  output.print(`The invitation is ${ended.state}.`);
  output.result(ended);
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listInvitationsOperation, {}, room);
  const head = ['state', 'for', 'role', 'until', 'by'].map((cell) => output.colours.dim(cell));
  const rows = found.invitations.map((one) => [
    one.state,
    oneLine(one.email ?? 'anybody'),
    one.role,
    time(one.expiresAt),
    oneLine(one.createdBy),
  ]);
  output.print(rows.length === 0 ? 'No invitations.' : table([head, ...rows]));
  output.result(found);
}
