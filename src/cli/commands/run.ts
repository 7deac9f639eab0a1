import { type Command, InvalidArgumentError, Option } from 'commander';
import { LANES } from '#ir/plan.js';
import { invoke } from '#operations/invoke.js';
import { dryRun } from '#operations/plans/dry-run.js';
import { type ReadPlan, readInputs, readPlan } from '#operations/plans/file.js';
import { shortId } from '#operations/runs/reference.js';
import { startRun } from '#operations/runs/start.js';
import type { CommandModule } from '../command.js';
import { printDryRun } from '../dry-run.js';
import { finishRun, leaveRun } from '../finish.js';
import type { Output } from '../output.js';
import { withRoom } from '../session.js';

interface Options {
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly lane?: (typeof LANES)[number];
  readonly priority?: number;
  readonly dryRun?: true;
  readonly detach?: true;
}

export const command: CommandModule = {
  register(command) {
    command.argument('<plan>', 'the plan file: YAML or JSON');
    addInputOptions(command);
    addQueueOptions(command);
    command
      .option('--dry-run', 'show every argument and check every precondition, and touch nothing')
      .option('--detach', 'put it into the queue and return; a worker executes it');
  },
  examples: [
    'run ops/deploy.yaml --input ref=main',
    'run ops/deploy.yaml --input-file staging.yaml --lane B --json',
    'run ops/deploy.yaml --dry-run',
  ],
  async run({ args: [path = ''], command, output }) {
    const options = command.opts<Options>();
    const plan = await readPlan(path);
    const inputs = await readInputs(plan.plan, options.input, options.inputFile);
    for (const warning of plan.view.warnings) output.note(`warning: ${warning}`);
    if (options.dryRun) return rehearse(plan, inputs, output);
    return withRoom(async (session) => {
      const { lane, priority, detach } = options;
      const queue = { ...(lane ? { lane } : {}), ...(priority === undefined ? {} : { priority }) };
      const started = await invoke(startRun, { plan: plan.given, inputs, ...queue }, session.room);
      if (detach) return leaveRun(session, started.runId, output);
      output.note(`Run ${shortId(started.runId)}: ${plan.plan.title}`);
      return finishRun(session, started.runId, 0, output);
    });
  },
};

function rehearse({ given }: ReadPlan, inputs: object, output: Output): Promise<number> {
  return withRoom(async ({ room }) => {
    const view = await invoke(dryRun, { plan: given, inputs }, room);
    printDryRun(view, output);
    output.result(view);
    return view.ready ? 0 : 1;
  });
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `--input` and `--input-file`. */
export function addInputOptions(command: Command): void {
  command
    .addOption(new Option('--input <name=value>', 'one input; may be repeated').argParser(collect).default([], 'none'))
    .option('--input-file <file>', 'inputs from a YAML or JSON file; --input overrides them');
}

/** `--lane` and `--priority`. */
export function addQueueOptions(command: Command): void {
  command
    .addOption(new Option('--lane <lane>', 'the lane it waits in').choices(LANES))
    .option('--priority <n>', 'from -1000 to 1000; higher goes first', (text) => {
      const value = Number(text);
      if (!Number.isInteger(value) || Math.abs(value) > 1000)
        throw new InvalidArgumentError('It is a whole number from -1000 to 1000.');
      return value;
    });
}
