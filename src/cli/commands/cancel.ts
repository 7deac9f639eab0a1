import { cancelRun } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withExistingRoom } from '../session.js';
import { tellAndLeave } from '../tell.js';

export const command: CommandModule = {
  register(command) {
    command.argument('<run>', RUN_ARGUMENT).option('--reason <text>', 'why; kept with the proofs', '');
  },
  examples: ['cancel last', 'cancel 3f9c21ab --reason "wrong branch"'],
  run: ({ args: [run = ''], command, output }) =>
    withExistingRoom((session) =>
      tellAndLeave(session, cancelRun, { run, reason: command.opts<{ reason: string }>().reason }, output),
    ),
};
