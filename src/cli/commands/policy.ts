import { Argument, type Command } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import type { CommandModule } from '../command.js';
import { checkPolicies, explain, initPolicies, showPolicies, testPolicies } from '../policy.js';

export const POLICY_VERBS = ['show', 'explain', 'test', 'check', 'init'] as const;

/** Collects an option that may stand several times. */
const many = (value: string, before: readonly string[] = []): string[] => [...before, value];

export const command: CommandModule = {
  register(command: Command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices([...POLICY_VERBS]).default('show'))
      .argument(
        '[files...]',
        'of check: files to look at as a set; of test and init: the folder; of explain: the plan or the intent',
      )
      .option('--as <who>', 'of explain: agent:gpt, person:approver, key:ci, machine, cron:operator; without it: you')
      .option('--action <action>', 'of explain: propose, run, approve, control, heal, use_tool, read_secret', 'run')
      .option('--environment <name>', 'of explain: where it would run')
      .option('--app <name>', 'of explain: the app that it would change')
      .option('--branch <name>', 'of explain: the branch')
      .option('--tool <name>', 'of explain: a tool that it would use; may stand several times', many)
      .option('--read-only', 'of explain: as if every step only read')
      .option('--isolated', 'of explain: as if every step were isolated')
      .option('--proposer <who>', 'of explain: who asked for what is to be approved, as in --as')
      .option('--name <name>', 'of explain: the signal of control, the tool of use_tool, the secret of read_secret')
      .option('--approved', 'of explain: as if those who must agree had')
      .option('--input <name=value>', 'of explain: an input of the plan; may stand several times', many);
  },
  examples: [
    'policy',
    'policy explain --as agent:gpt --environment production --app shop --branch main ops/deploy.yaml',
    'policy test',
    'policy check policies/freeze.cedar',
    'policy init',
  ],
  run: ({ args: [what = 'show', ...names], command, output }) => {
    if (what === 'explain') return explain(names, command.opts(), output);
    if (what === 'check') return checkPolicies(names, output);
    if (names.length > 1) throw new OpsroomError('USAGE', { what: `policy ${what} takes one folder.` });
    if (what === 'test') return testPolicies(names[0], output);
    if (what === 'init') return initPolicies(names[0], output);
    return showPolicies(names[0], output);
  },
};
