import { InvalidArgumentError } from 'commander';
import { followRunLogs } from '#operations/follow-logs.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { getRun } from '#operations/runs/get.js';
import { type RunLogLine, requireStep, runLogs } from '#operations/runs/logs.js';
import { readRun } from '#operations/runs/reference.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { logLine, oneLine } from '../format.js';
import { onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';
import { type Session, withExistingRoom } from '../session.js';

interface Options {
  readonly follow?: true;
  readonly step?: string;
  readonly tail?: number;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('-f, --follow', 'go on until the run ends or waits; with --json, one object a line')
      .option('--step <step>', 'only this step')
      .option('--tail <n>', 'the last so many lines of each attempt', toCount);
  },
  examples: ['logs last --follow', 'logs 3f9c21ab --step build --tail 100'],
  run: ({ args: [run = ''], command, output }) =>
    withExistingRoom(async (session) => {
      const { follow, step, tail } = command.opts<Options>();
      if (follow) return followLogs(session, run, { step, tail }, output);
      const found = await invoke(runLogs, { run, ...(step ? { step } : {}), ...(tail ? { tail } : {}) }, session.room);
      const print = printer(output, step !== undefined);
      for (const line of found.lines) if (!output.json) print(line);
      if (found.lines.length === 0) output.note('Nothing was printed.');
      if (found.truncated) output.note('There is more; see one step with --step, or the end with --tail.');
      output.result(found);
      return 0;
    }),
};

function toCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('It is a whole number from 1 to 100000.');
}

async function followLogs(
  { room }: Session,
  reference: string,
  options: { readonly step: string | undefined; readonly tail: number | undefined },
  output: Output,
): Promise<number> {
  const run = await readRun(room, reference);
  if (options.step !== undefined) requireStep(run.plan.steps, options.step);
  const told = await tellWait(room, run.id, output);
  const leaving = new AbortController();
  const release = onInterrupt(() => leaving.abort());
  const print = printer(output, options.step !== undefined);
  const signal = AbortSignal.any([leaving.signal, output.gone]);
  try {
    for await (const line of followRunLogs(room, run.id, { ...options, signal })) {
      output.result(line);
      if (!output.json) print(line);
    }
    if (!signal.aborted) await tellWait(room, run.id, output, told);
  } finally {
    release();
  }
  return 0;
}

/** What the run waits for, where that is more than the next turn of a worker, and was not told before. @returns what was told */
async function tellWait(room: Room, run: string, output: Output, before = ''): Promise<string> {
  const { waiting } = await invoke(getRun, { run }, room);
  if (!waiting || waiting.code === 'NEXT') return '';
  const words = oneLine(`${waiting.what} ${waiting.mend}`);
  if (words !== before) output.note(words);
  return words;
}

/** Lines as they were written; the step's name stands before each when several may speak. */
function printer(output: Output, one: boolean): (line: RunLogLine) => void {
  return ({ step, item, stream, text, dropped }) => {
    const unit = item < 0 ? step : `${step}#${item}`;
    const name = one && item < 0 ? '' : `${output.colours.dim(`${unit} |`)} `;
    output.print(stream === 'gap' ? `${name}… ${dropped} lines were dropped here …` : `${name}${logLine(text)}`);
  };
}
