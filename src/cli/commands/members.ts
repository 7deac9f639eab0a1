import { Argument } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke, validated } from '#operations/invoke.js';
import { listMembersOperation } from '#operations/members/list.js';
import { removeMember } from '#operations/members/remove.js';
import { setEmail } from '#operations/members/set-email.js';
import { setRole } from '#operations/members/set-role.js';
import type { MemberView } from '#operations/members/view.js';
import { linkMachine } from '#operations/people/machine.js';
import type { Room } from '#operations/room.js';
import { askKey, someoneAnswers } from '../ask.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

const ACTIONS = ['list', 'role', 'email', 'remove', 'link'] as const;

/** `opsroom members`: who belongs to the organisation, and what they may do. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(ACTIONS).default('list'))
      .argument('[member]', 'the e-mail or the id of the member')
      .argument('[value]', 'of role: owner, approver, operator or viewer; of email: the new one')
      .option('--yes', 'of role, remove: without being asked about keys that are revoked with it');
  },
  examples: [
    'members',
    'members role bea@ops.example approver',
    'members email bea@ops.example bea.b@ops.example',
    'members remove bea@ops.example',
    'members link ada@ops.example',
  ],
  run: ({ args: [what = 'list', member, value], command, output }) =>
    withExistingRoom(async ({ room }) => {
      if (what !== 'list')
        return change(room, { what, member: given(member, what), value, ...command.opts<{ yes?: true }>() }, output);
      await list(room, output);
      return 0;
    }),
};

interface Change {
  readonly what: string;
  readonly member: string;
  readonly value: string | undefined;
  /** Was told to go on without being asked. */
  readonly yes?: true;
}

/** @returns the exit code: 2 for who was asked and said no, as where nobody could be asked */
async function change(room: Room, asked: Change, output: Output): Promise<number> {
  const { what, member, value } = asked;
  // Nobody is asked about what cannot be done.
  if (what === 'role') validated(setRole.input, { member, role: value });
  if ((what === 'role' || what === 'remove') && !(await mayRevoke(room, asked, output))) {
    output.note('Nothing is changed.');
    return 2;
  }
  if (what === 'role') {
    const made = await invoke(setRole, { member, role: value }, room);
    output.print(`${nameOf(made)} is ${made.role} from now on.${keysText(made.revokedKeys)}`);
    output.result(made);
  } else if (what === 'email') {
    const made = await invoke(setEmail, { member, email: value }, room);
    output.print(`Runs and the audit log call them ${made.by} from now on.`);
    output.result(made);
  } else if (what === 'remove') {
    const gone = await invoke(removeMember, { member }, room);
    output.print(`${nameOf(gone)} is out; ${gone.endedSignIns} sign-ins have ended.${keysText(gone.revokedKeys)}`);
    output.result(gone);
  } else {
    const linked = await linkMachine(room, member);
    output.print(`${room.by} and ${linked.email} are one human from now on.`);
    output.result({ machine: room.by, memberId: linked.id });
  }
  return 0;
}

/**
 * Programs stop when their key is revoked, so whoever causes it hears which before it happens.
 * @throws OpsroomError USAGE where nobody can be asked
 */
async function mayRevoke(room: Room, { what, member, value, yes }: Change, { json }: Output): Promise<boolean> {
  if (yes) return true;
  const { members } = await invoke(listMembersOperation, {}, room);
  const found = members.find(({ memberId, email }) => [memberId, email].includes(member.toLowerCase()));
  const lost =
    found?.keys.filter(({ outlives }) => what === 'remove' || !outlives.some((role) => role === value)) ?? [];
  if (lost.length === 0) return true;
  const names = lost.map(({ name }) => oneLine(name)).join(', ');
  const which = what === 'remove' ? 'All keys' : `Keys that may do more than ${value}`;
  const about = `${which} of ${member} are revoked with it, and what uses them stops: ${names}.`;
  if (json || !someoneAnswers())
    throw new OpsroomError('USAGE', { what: about, mend: 'Say --yes once you have looked; nothing is changed yet.' });
  return (await askKey(`${about} Go on? [y/n]`, ['y', 'n'])) === 'y';
}

const nameOf = ({ name, email }: MemberView): string => oneLine(email ?? name);
const keysText = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` Revoked keys: ${names.map(oneLine).join(', ')}.`;

function given(member: string | undefined, what: string): string {
  if (member !== undefined) return member;
  throw new OpsroomError('USAGE', {
    what: 'Which member?',
    mend: `Name them: opsroom members ${what} bea@ops.example`,
  });
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listMembersOperation, {}, room);
  const head = ['role', 'e-mail', 'name', 'signed in', 'on machines'].map((cell) => output.colours.dim(cell));
  const rows = found.members.map((member) => [
    member.role,
    oneLine(member.email ?? '–'),
    oneLine(member.name),
    member.lastSignInAt === null ? 'nowhere now' : time(member.lastSignInAt),
    member.machines.map(oneLine).join(', '),
  ]);
  output.print(rows.length === 0 ? 'Nobody has come yet: opsroom owner-link' : table([head, ...rows]));
  output.result(found);
}
