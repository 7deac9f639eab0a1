import type { Command } from 'commander';
import type { Output } from './output.js';

/** One call of a command, parsed. */
export interface Call {
  /** The positional arguments as typed; commander has checked their number. */
  readonly args: readonly string[];
  /** The parsed options: `command.opts<MyOptions>()`. `--json` is in `output.json`. */
  readonly command: Command;
  readonly output: Output;
}

/** What a file in `commands/` exports as `command`. It is loaded only when its command is called. */
export interface CommandModule {
  /** Adds arguments and options to a command that has its name, its summary and `--json` already. */
  register(command: Command): void;
  /** Shown below the help, without the leading `opsroom`. */
  readonly examples: readonly string[];
  /**
   * Does the work and resolves with the exit code.
   * @throws OpsroomError, which the caller presents with the exit code of the catalogue
   */
  run(call: Call): Promise<number>;
}

/** How the help of a command describes its run. */
export const RUN_ARGUMENT = 'the run: its id, at least four digits of it (the last eight are shown), or "last"';
