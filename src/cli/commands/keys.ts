import { Argument, Option } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke, validated } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { listKeysOperation } from '#operations/keys/list.js';
import { revokeKeyOperation } from '#operations/keys/revoke.js';
import type { KeyView } from '#operations/keys/view.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { table, time } from '../format.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';

interface Options {
  readonly name?: string;
  readonly scope?: string;
  readonly agent?: string;
  readonly expires: string;
}

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('<what>', 'what to do').choices(['create', 'list', 'revoke']))
      .argument('[key]', 'of revoke: the name or the id of the key')
      .option('--name <name>', 'of create: what runs and the audit log call it')
      .option('--scope <scopes>', 'of create: what it may do, such as run:read,run:start,run:control,room:admin')
      .option('--agent <name>', 'of create: the agent that will use it, such as gpt, cursor, claude-code')
      .addOption(new Option('--expires <time>', 'of create: 90d, 12h or never').default('90d'));
  },
  examples: ['keys create --name ci --scope run:read,run:start --expires 90d', 'keys list', 'keys revoke ci'],
  run: ({ args: [what, key], command, output }) => {
    const wanted = what === 'create' ? wantedOf(command.opts<Options>()) : undefined;
    return roomFor(wanted !== undefined)(async ({ room }) => {
      if (wanted !== undefined) await create(room, wanted, output);
      else if (what === 'revoke') await revoke(room, key, output);
      else await list(room, output);
      return 0;
    });
  },
};

function wantedOf({ name, scope, agent, expires }: Options) {
  if (name === undefined || scope === undefined) {
    throw new OpsroomError('USAGE', {
      what: 'A key needs a name and its scopes.',
      mend: 'Add --name ci --scope run:read.',
    });
  }
  const scopes = scope.split(',').map((part) => part.trim());
  return validated(createKey.input, { name, scopes, agent, expires });
}

async function create(room: Room, wanted: ReturnType<typeof wantedOf>, output: Output): Promise<void> {
  const made = await invoke(createKey, wanted, room);
  const until = made.expiresAt === null ? 'for ever' : `until ${time(made.expiresAt)}`;
  output.print(`${made.key}\n`);
  output.note(`This is the only time the key is shown. It may ${made.scopes.join(', ')}, ${until}.`);
  output.result(made);
}

async function revoke(room: Room, key: string | undefined, output: Output): Promise<void> {
  if (key === undefined)
    throw new OpsroomError('USAGE', { what: 'Which key?', mend: 'Name it: opsroom keys revoke ci' });
  const revoked = await invoke(revokeKeyOperation, { key }, room);
  output.print(`The key "${revoked.name}" opens nothing any more.`);
  output.result(revoked);
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listKeysOperation, {}, room);
  output.print(found.keys.length === 0 ? 'No keys.' : keyTable(found.keys, output));
  output.result(found);
}

function keyTable(keys: readonly KeyView[], { colours }: Output): string {
  const head = ['name', 'key', 'scopes', 'expires', 'last used', 'state'].map((cell) => colours.dim(cell));
  const rows = keys.map((key) => [
    key.name,
    `${key.hint}…`,
    key.scopes.join(','),
    key.expiresAt === null ? 'never' : time(key.expiresAt),
    key.lastUsedAt === null ? 'never' : time(key.lastUsedAt),
    stateOf(key),
  ]);
  return table([head, ...rows]);
}

function stateOf({ revokedAt, expiresAt }: KeyView): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'in use';
}
