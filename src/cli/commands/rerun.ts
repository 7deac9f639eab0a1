import type { LANES } from '#ir/plan.js';
import { invoke } from '#operations/invoke.js';
import { readInputs } from '#operations/plans/file.js';
import { readRun, shortId } from '#operations/runs/reference.js';
import { rerun } from '#operations/runs/rerun.js';
import type { StartedRun } from '#operations/runs/started.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { finishRun, leaveRun } from '../finish.js';
import { startOrPropose } from '../proposing.js';
import { withExistingRoom } from '../session.js';
import { addInputOptions, addQueueOptions } from './run.js';

interface Options {
  readonly from?: string;
  readonly fresh?: true;
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly lane?: (typeof LANES)[number];
  readonly priority?: number;
  readonly detach?: true;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--from <step>', 'run this step and all that follow again; without it, what was not done')
      .option('--fresh', 'start one like it: the same plan and inputs from the beginning, also while it goes on');
    addInputOptions(command);
    addQueueOptions(command);
    command.option('--detach', 'put it into the queue and return; a worker executes it');
  },
  examples: ['rerun last', 'rerun last --from build', 'rerun 3f9c21ab --from build --input ref=v2'],
  run: ({ args: [reference = ''], command, output }) =>
    withExistingRoom(async (session) => {
      const { from, fresh, input, inputFile, lane, priority, detach } = command.opts<Options>();
      const parent = await readRun(session.room, reference);
      const edited = input.length > 0 || inputFile !== undefined;
      const request = {
        run: parent.id,
        ...(from === undefined ? {} : { from }),
        ...(fresh === undefined ? {} : { fresh }),
        ...(edited ? { inputs: await readInputs(parent.plan, input, inputFile) } : {}),
        ...(lane ? { lane } : {}),
        ...(priority === undefined ? {} : { priority }),
      };
      const { run, inputs = {}, from: _, fresh: __, ...queue } = request;
      const asked = { plan: { run, ...(from === undefined ? {} : { from }), fresh: fresh === true }, inputs, ...queue };
      const start = () => invoke(rerun, request, session.room);
      const go = async ({ runId, title }: StartedRun) => {
        if (detach) return leaveRun(session, runId, output);
        output.note(`Run ${shortId(runId)}: ${title}, again`);
        return finishRun(session, runId, 0, output);
      };
      return startOrPropose(session, { start, asked, go, detach: detach === true }, output);
    }),
};
