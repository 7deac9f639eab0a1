import { Argument } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import type { RunFilter } from '#operations/runs/filter.js';
import { createView } from '#operations/views/create.js';
import { deleteViewOperation } from '#operations/views/delete.js';
import { listViewsOperation } from '#operations/views/list.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';
import { addFilterOptions, withoutForm } from './runs.js';

type Options = RunFilter & { readonly shared?: true };

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'save', 'delete']).default('list'))
      .argument('[name]', 'of save and delete: its name')
      .option('--shared', 'of save: for everybody, not only for you');
    addFilterOptions(command);
  },
  examples: [
    'views',
    'views save "Staging today" --target environment=staging --within 24h',
    'views delete "Staging today"',
  ],
  run: ({ args: [what = 'list', name], command, output }) => {
    if (what !== 'list' && name === undefined)
      throw new OpsroomError('USAGE', { what: 'Which view?', mend: `Name it: opsroom views ${what} NAME` });
    return roomFor(what === 'save')(async ({ room }) => {
      const { shared = false, ...filter } = command.opts<Options>();
      if (what === 'list' || name === undefined) return list(room, output);
      const view =
        what === 'save'
          ? await invoke(createView, { name, filter: withoutForm(filter), shared }, room)
          : await invoke(deleteViewOperation, { view: name }, room);
      output.print(`The view "${oneLine(view.name)}" is ${what === 'save' ? 'saved' : 'deleted'}.`);
      output.result(view);
      return 0;
    });
  },
};

async function list(room: Room, output: Output): Promise<number> {
  const found = await invoke(listViewsOperation, {}, room);
  const all = [...found.builtIn.map((view) => ({ ...view, shared: true })), ...found.saved];
  const rows = all.map(({ name, shared, runs, filter }) => [
    oneLine(name),
    shared ? 'everybody' : 'you',
    runs === null ? '' : `${runs.count}${runs.more ? '+' : ''}`,
    oneLine(JSON.stringify(filter)),
  ]);
  output.print(table([['view', 'of', 'runs', 'filter'].map((cell) => output.colours.dim(cell)), ...rows]));
  output.result(found);
  return 0;
}
