import { Option } from 'commander';
import { resolveStep } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withExistingRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

interface Options {
  readonly as: 'done' | 'failed' | 'skip' | 'retry';
  readonly reason: string;
  readonly detach?: boolean;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .argument('<step>', 'the step: STEP, STEP#ITEM or STEP/COMPENSATION')
      .addOption(
        new Option('--as <how>', 'how it ended').choices(['done', 'failed', 'skip', 'retry']).makeOptionMandatory(),
      )
      .requiredOption('--reason <text>', 'how you know; kept with the proofs')
      .option('--detach', 'return at once; a worker goes on with the run');
  },
  examples: ['resolve last migrate --as done --reason "the table is there"'],
  run: ({ args: [run = '', step = ''], command, output }) =>
    withExistingRoom((session) => {
      const { as, reason, detach = false } = command.opts<Options>();
      return tellAndFinish(session, resolveStep, { run, step, as, reason }, { detach }, output);
    }),
};
