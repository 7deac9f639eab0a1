import { invoke } from '#operations/invoke.js';
import { getRun } from '#operations/runs/get.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withRoom } from '../session.js';
import { printRun } from '../summary.js';

export const command: CommandModule = {
  register(command) {
    command.argument('<run>', RUN_ARGUMENT);
  },
  examples: ['show last', 'show 3f9c21ab --json'],
  run: ({ args: [run = ''], output }) =>
    withRoom(async ({ room }) => {
      const view = await invoke(getRun, { run }, room);
      printRun(view, output);
      if (view.allowed.length > 0) output.print(`\nPossible now: ${view.allowed.join(', ')}`);
      output.result(view);
      return 0;
    }),
};
