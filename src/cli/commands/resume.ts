import { readStanding } from '#operations/follow.js';
import { resolveRun } from '#operations/runs/reference.js';
import { resumeRun } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { finishRun, leaveRun } from '../finish.js';
import { withExistingRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

/** Nothing needs to be said to a run that is on its way; it may need somebody to execute it. */
const ON_ITS_WAY: readonly string[] = ['queued', 'released', 'running'];

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--reason <text>', 'why; kept with the proofs', '')
      .option('--detach', 'return at once; a worker goes on with it');
  },
  examples: ['resume last', 'resume 3f9c21ab --reason "the disk was emptied"'],
  run: ({ args: [reference = ''], command, output }) =>
    withExistingRoom(async (session) => {
      const { reason, detach = false } = command.opts<{ reason: string; detach?: boolean }>();
      const run = await resolveRun(session.room, reference);
      const { status, lastSeq } = await readStanding(session.room, run);
      if (!ON_ITS_WAY.includes(status)) return tellAndFinish(session, resumeRun, { run, reason }, { detach }, output);
      return detach ? leaveRun(session, run, output) : finishRun(session, run, lastSeq, output);
    }),
};
