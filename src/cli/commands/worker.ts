import { sweepIntents } from '#operations/intents/sweep.js';
import { startTriggers } from '#operations/triggers/loop.js';
import type { CommandModule } from '../command.js';
import { atLeastOne } from '../numbers.js';
import { withRoom } from '../session.js';
import { aborted, drainText, listenForStop } from '../stopping.js';

interface Options {
  readonly runs?: number;
}

/** `opsroom worker`: stays up until it is told to stop. JSON: `{ worker: 'started', pid, host }`, then `{ worker: 'stopped' }`. */
export const command: CommandModule = {
  register: (command) => {
    command.option('--runs <n>', 'runs at once', atLeastOne);
  },
  examples: ['worker', 'worker --runs 4'],
  run: ({ command, output }) =>
    withRoom(async (session) => {
      const { config, room } = session;
      const stopping = listenForStop();
      const { runs } = command.opts<Options>();
      const worker = await session.startWorker('all', runs === undefined ? {} : { runs });
      const triggers = startTriggers(room);
      const intents = sweepIntents(room);
      output.print(`A worker of ${room.home} runs as process ${process.pid}; stop it with Ctrl-C.`);
      output.result({ worker: 'started', pid: process.pid, host: config.host });
      await aborted(AbortSignal.any([stopping.asked, worker.failure]));
      const drainMs = worker.failure.aborted ? 0 : config.drainMs;
      await triggers.close();
      await intents.close();
      output.note(drainText(worker.running, drainMs));
      await worker.drain(drainMs, stopping.hurry);
      stopping.dispose();
      worker.failure.throwIfAborted();
      output.result({ worker: 'stopped' });
      return 0;
    }),
};
