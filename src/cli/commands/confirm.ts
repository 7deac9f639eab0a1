import { InvalidArgumentError } from 'commander';
import type { JsonValue } from '#ir/json.js';
import { confirmStep } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { withExistingRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

interface Options {
  readonly reason: string;
  readonly output?: JsonValue;
  readonly detach?: boolean;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .argument('<step>', 'the step that waits for a person')
      .requiredOption('--reason <text>', 'what was done, or seen; kept with the proofs')
      .option('--output <json>', 'what later steps may read as its output', toJson)
      .option('--detach', 'return at once; a worker goes on with the run');
  },
  examples: ['confirm last switch-dns --reason "done, seen from outside"'],
  run: ({ args: [run = '', step = ''], command, output }) =>
    withExistingRoom((session) => {
      const { reason, output: value, detach = false } = command.opts<Options>();
      const input = { run, step, reason, ...(value === undefined ? {} : { output: value }) };
      return tellAndFinish(session, confirmStep, input, { detach }, output);
    }),
};

function toJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new InvalidArgumentError('It is not JSON.');
  }
}
