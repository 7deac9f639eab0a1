import type { LANES } from '#ir/plan.js';
import { readInputs, readPlan } from '#operations/plans/file.js';
import type { CommandModule } from '../command.js';
import { proposeAndStay } from '../proposing.js';
import { withRoom } from '../session.js';
import { addInputOptions, addQueueOptions } from './run.js';

interface Options {
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly lane?: (typeof LANES)[number];
  readonly priority?: number;
  readonly session?: string;
  readonly intent?: string;
  readonly target?: string;
  readonly reason?: string;
  readonly detach?: true;
}

/** `opsroom propose PLAN`, or `opsroom propose --intent deploy --target staging`. */
export const command: CommandModule = {
  register(command) {
    command.argument('[plan]', 'the plan file or runbook; without it, --intent says which plan is meant');
    addInputOptions(command);
    addQueueOptions(command);
    command
      .option('--intent <words>', 'what is wanted; without a plan, the name of one: deploy')
      .option('--target <target>', 'without a plan, where: staging')
      .option('--session <name>', 'the session of the run')
      .option('--reason <text>', 'why; those who decide read it')
      .option('--detach', 'propose it and return');
  },
  examples: [
    'propose ops/deploy.yaml --input ref=v2 --reason "The fix is in"',
    'propose --intent deploy --target staging',
    'propose ops/rotate.md#rotate --detach --json',
  ],
  async run({ args: [path], command, output }) {
    const { input, inputFile, detach, ...rest } = command.opts<Options & { json?: boolean }>();
    const { json: _, ...wording } = rest;
    const plan = path === undefined ? undefined : await readPlan(path);
    // Without a plan nothing says what types the inputs have: they stay text.
    const inputs = await readInputs(plan?.plan ?? { inputSchema: undefined }, input, inputFile);
    const asked = { ...wording, inputs, ...(plan ? { plan: plan.given } : {}) };
    return withRoom((session) => proposeAndStay(session, asked, detach === true, output));
  },
};
