import { rollbackRun } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withExistingRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--reason <text>', 'why; kept with the proofs', '')
      .option('--detach', 'return at once; a worker does it');
  },
  examples: ['rollback last --reason "the release is broken"'],
  run: ({ args: [run = ''], command, output }) =>
    withExistingRoom((session) => {
      const { reason, detach = false } = command.opts<{ reason: string; detach?: boolean }>();
      return tellAndFinish(session, rollbackRun, { run, reason }, { detach, wanted: 'rolled_back' }, output);
    }),
};
