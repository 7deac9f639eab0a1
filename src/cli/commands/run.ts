import { type Command, InvalidArgumentError, Option } from 'commander';
import { LANES } from '#ir/plan.js';
import { invoke } from '#operations/invoke.js';
import { dryRun } from '#operations/plans/dry-run.js';
import { checkInputs, type ReadPlan, readInputs, readPlan } from '#operations/plans/file.js';
import { getRun } from '#operations/runs/get.js';
import { shortId } from '#operations/runs/reference.js';
import { startRun } from '#operations/runs/start.js';
import { askKey, someoneAnswers } from '../ask.js';
import type { CommandModule } from '../command.js';
import { printDryRun } from '../dry-run.js';
import { explainedFile, printExplanation } from '../explain.js';
import { finishRun, leaveRun } from '../finish.js';
import { oneLine } from '../format.js';
import type { Output } from '../output.js';
import { startOrPropose } from '../proposing.js';
import { withRoom } from '../session.js';
import { addTaskOptions, type TaskOptions, taskOptions } from '../task-options.js';
import { collect as several } from '../trigger-plan.js';

interface Options extends TaskOptions {
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly lane?: (typeof LANES)[number];
  readonly priority?: number;
  readonly session?: string;
  readonly tool?: string[];
  readonly dryRun?: true;
  readonly detach?: true;
  readonly seen?: true;
}

export const command: CommandModule = {
  register(command) {
    command.argument(
      '<plan>',
      'the plan file: YAML, JSON, a runbook (FILE.md, FILE.md#section), or a folder with a tasks.md',
    );
    addInputOptions(command);
    addQueueOptions(command);
    addTaskOptions(command);
    command
      .option('--seen', 'of a task list: you have seen what it becomes, so nobody needs to be asked')
      .option('--session <name>', 'the session it belongs to; a name that is new makes one')
      .option('--tool <name>', 'what it may call, and nothing else: shell, "mcp:github:*"; several times', several)
      .option('--dry-run', 'show every argument and check every precondition, and touch nothing')
      .option('--detach', 'put it into the queue and return; a worker executes it');
  },
  examples: [
    'run ops/deploy.yaml --input ref=main',
    'run ops/deploy.yaml --input-file staging.yaml --lane B --json',
    'run ops/deploy.yaml --dry-run',
    'run ops/deploy.yaml --session "Move the shop"',
    'run ops/rotate.md#rotate',
    'run specs/001-search --with "claude -p"',
  ],
  async run({ args: [path = ''], command, output }) {
    const options = command.opts<Options>();
    const plan = await readPlan(path, taskOptions(options));
    const inputs = await readInputs(plan.plan, options.input, options.inputFile);
    // What is refused comes first: a warning of a run that there will not be hides it.
    checkInputs(plan.plan, inputs);
    for (const warning of plan.view.warnings) output.note(`warning: ${warning}`);
    if (options.dryRun) return rehearse(plan, inputs, output);
    const seen = options.seen === true && 'bundle' in plan.given ? true : await wasSeen(path, plan, output);
    if (seen === undefined) return 2;
    return withRoom(async (session) => {
      const { lane, priority, session: name, tool: tools, detach } = options;
      const queue = {
        ...(lane ? { lane } : {}),
        ...(priority === undefined ? {} : { priority }),
        ...(name === undefined ? {} : { session: name }),
        ...(tools === undefined ? {} : { tools }),
      };
      const asked = { plan: plan.given, inputs, seen, ...queue };
      const start = () => invoke(startRun, asked, session.room);
      const go = async ({ runId }: { runId: string }) => {
        if (detach) return leaveRun(session, runId, output);
        const { title } = await invoke(getRun, { run: runId }, session.room);
        output.note(`Run ${shortId(runId)}: ${oneLine(title)}`);
        return finishRun(session, runId, 0, output);
      };
      return startOrPropose(session, { start, asked, go, detach: detach === true }, output);
    });
  },
};

/**
 * Whether a person saw the plan of a runbook that nobody has reviewed, or of a task list, and said yes; undefined for no, false where nobody needs
 * to see it. Refused where nobody can be asked, before the room is opened.
 */
async function wasSeen(name: string, plan: ReadPlan, output: Output): Promise<boolean | undefined> {
  const { explanation } = plan.view;
  if (plan.unseen === undefined || explanation === undefined) return false;
  if (output.json || !someoneAnswers()) throw plan.unseen;
  const path = explainedFile(name, plan.given);
  printExplanation(path, explanation, output);
  const isList = 'bundle' in plan.given;
  const why = isList
    ? `${path} is ${/\.ya?ml$/i.test(path) ? 'a workflow' : 'a task list'} of Spec Kit.`
    : `Nobody has reviewed ${path}.`;
  const key = await askKey(`\n${why} Run all of this? [y/n]`, ['y', 'n']);
  if (key === 'y') return true;
  output.note(
    isList ? 'Nothing was run.' : `Nothing was run. \`opsroom review ${path}\` goes through it block by block.`,
  );
  return undefined;
}

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
