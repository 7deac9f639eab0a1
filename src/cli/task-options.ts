import { type Command, Option } from 'commander';
import { type BundleOptions, pullRequestOf } from '#operations/plans/bundle-files.js';
import { readDoer, readProgram } from './command-words.js';

/** Options of commands that take a task list. */
export interface TaskOptions {
  readonly with?: NonNullable<BundleOptions['doer']>;
  readonly check?: NonNullable<BundleOptions['check']>;
  readonly pullRequest?: string;
  readonly githubUrl?: string;
  readonly all?: true;
}

/** `--with`, `--check`, `--pull-request`, `--github-url` and `--all`. */
export function addTaskOptions(command: Command): void {
  const program = (flags: string, what: string) => new Option(flags, `of a task list: ${what}`);
  command
    .addOption(
      program(
        '--with <doer>',
        'who does the tasks: "agent" (or "agent:codex"), or a program, such as "claude -p"',
      ).argParser(readDoer),
    )
    .addOption(
      program('--check <program>', 'what judges each task that is handed over, such as "npm test"').argParser(
        readProgram,
      ),
    )
    .addOption(program('--pull-request <owner/name>', 'open one at the end, with the secret GITHUB_TOKEN'))
    .addOption(program('--github-url <url>', 'of a GitHub Enterprise Server: https://HOST/api/v3'))
    .option('--all', 'of a task list: tasks that are ticked, too');
}

/**
 * As `readPlan` takes them.
 * @throws OpsroomError USAGE for what is no repository, no server, or one without the other
 */
export function taskOptions({ with: doer, check, pullRequest: repo, githubUrl, all }: TaskOptions): BundleOptions {
  const pullRequest = pullRequestOf(repo, githubUrl);
  return {
    ...(doer === undefined ? {} : { doer }),
    ...(check === undefined ? {} : { check }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(all ? { all } : {}),
  };
}
