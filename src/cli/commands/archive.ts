import { invoke } from '#operations/invoke.js';
import { archiveRun, unarchiveRun } from '#operations/runs/archive.js';
import { shortId } from '#operations/runs/reference.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withExistingRoom } from '../session.js';

interface Options {
  readonly undo?: true;
  readonly reason: string;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--undo', 'put it back into the lists')
      .option('--reason <text>', 'why; kept in the audit log', '');
  },
  examples: ['archive 3f9c21ab --reason "a drill"', 'archive 3f9c21ab --undo'],
  run: ({ args: [run = ''], command, output }) =>
    withExistingRoom(async ({ room }) => {
      const { undo, reason } = command.opts<Options>();
      const done = await invoke(undo ? unarchiveRun : archiveRun, { run, reason }, room);
      const id = shortId(done.runId);
      output.print(done.archived ? `Run ${id} is out of the lists.` : `Run ${id} is in the lists again.`);
      output.result(done);
      return 0;
    }),
};
