import { InvalidArgumentError } from 'commander';
import { hasEnded } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { estimateRun } from '#operations/estimates/get.js';
import { invoke } from '#operations/invoke.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import { runPlan } from '#operations/runs/plan.js';
import { getStep } from '#operations/steps/get.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { duration } from '../format.js';
import type { Output } from '../output.js';
import { type Session, withExistingRoom } from '../session.js';
import { printStep } from '../step-text.js';
import { printRun } from '../summary.js';

interface Options {
  readonly step?: string;
  readonly item?: number;
  readonly plan?: true;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--step <step>', 'one step in full: arguments, attempts, verdicts, the lines it came from')
      .option('--item <n>', 'of a forEach: the attempts of this item', toItem)
      .option('--plan', 'the plan that it executes, as JSON');
  },
  examples: ['show last', 'show 3f9c21ab --json', 'show last --step build'],
  run: ({ args: [run = ''], command, output }) => {
    const { step, item, plan } = command.opts<Options>();
    if (item !== undefined && step === undefined)
      throw new OpsroomError('USAGE', {
        what: 'Of which step is that item?',
        mend: `Add --step: opsroom show ${run} --step STEP --item ${item}`,
      });
    return withExistingRoom(async (session) => {
      if (step !== undefined) return showStep(session, { run, step, ...(item === undefined ? {} : { item }) }, output);
      if (plan) return showPlan(session, run, output);
      const view = await invoke(getRun, { run }, session.room);
      printRun(view, output);
      if (!hasEnded(view.status)) await printLeft(session, view, output);
      if (view.allowed.length > 0) output.print(`\nPossible now: ${view.allowed.join(', ')}`);
      output.result(view);
      return 0;
    });
  },
};

function toItem(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It is a whole number from 0.');
}

async function showStep({ room }: Session, asked: { run: string; step: string; item?: number }, output: Output) {
  const view = await invoke(getStep, asked, room);
  printStep(view, output);
  output.result(view);
  return 0;
}

async function showPlan({ room }: Session, run: string, output: Output) {
  const { plan } = await invoke(runPlan, { run }, room);
  output.print(JSON.stringify(plan, null, 2));
  output.result(plan);
  return 0;
}

async function printLeft({ room }: Session, { runId }: RunView, output: Output): Promise<void> {
  const { p50Ms, p90Ms, runs } = await invoke(estimateRun, { run: runId }, room);
  if (p50Ms === null || p90Ms === null)
    output.print(output.colours.dim('\nHow long it takes is not known: no earlier run.'));
  else output.print(`\nLeft: ${duration(p50Ms)}, in nine of ten cases at most ${duration(p90Ms)} (of ${runs} runs)`);
}
