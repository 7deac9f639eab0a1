import { Argument } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { createOrganisation } from '#operations/organisations/create.js';
import { listOrganisationsOperation } from '#operations/organisations/list.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';

/** `opsroom orgs`: the organisations of this installation. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'create']).default('list'))
      .argument('[name]', 'of create: its name')
      .option('--slug <slug>', 'of create: how --org names it; made from the name unless given');
  },
  examples: ['orgs', 'orgs create "Acme Shops" --slug acme', 'invite ada@acme.example --role owner --org acme'],
  run: ({ args: [what, given], command, output }) => {
    const name = what === 'create' ? named(given) : undefined;
    return roomFor(name !== undefined)(async ({ room }) => {
      if (name !== undefined) await create(room, name, command.opts<{ slug?: string }>().slug, output);
      else await list(room, output);
      return 0;
    });
  },
};

function named(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new OpsroomError('USAGE', { what: 'How is it called?', mend: 'opsroom orgs create "Acme Shops"' });
}

async function create(room: Room, name: string, slug: string | undefined, output: Output): Promise<void> {
  const made = await invoke(createOrganisation, { name, slug }, room);
  output.print(`${oneLine(made.name)} is there. Work in it with --org ${made.slug}, or OPSROOM_ORG=${made.slug}.`);
  output.note(`Bring somebody in: opsroom invite ada@ops.example --role owner --org ${made.slug}`);
  output.result(made);
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listOrganisationsOperation, {}, room);
  const head = ['', '--org', 'name', 'since'].map((cell) => output.colours.dim(cell));
  const rows = found.organisations.map(({ slug, name, createdAt, current }) => [
    current ? '*' : '',
    slug,
    oneLine(name),
    time(createdAt),
  ]);
  output.print(table([head, ...rows]));
  output.result(found);
}
