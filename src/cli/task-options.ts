import { type Command, Option } from 'commander';
import type { BundleOptions } from '#operations/plans/bundle-files.js';
import { readDoer } from './command-words.js';

/** Options of commands that take a task list. */
export interface TaskOptions {
  readonly with?: NonNullable<BundleOptions['doer']>;
  readonly all?: true;
}

/** `--with` and `--all`. */
export function addTaskOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--with <doer>',
        'of a task list: who does the tasks: "agent", or a program, such as "claude -p"',
      ).argParser(readDoer),
    )
    .option('--all', 'of a task list: tasks that are ticked, too');
}

/** As `readPlan` takes them. */
export function taskOptions({ with: doer, all }: TaskOptions): BundleOptions {
  return { ...(doer === undefined ? {} : { doer }), ...(all ? { all } : {}) };
}
