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
      output.print(`A worker of ${room.home} runs as process ${process.pid}; stop it with Ctrl-C.`);
      output.result({ worker: 'started', pid: process.pid, host: config.host });
      await aborted(stopping.asked);
      output.note(drainText(worker.running, config.drainMs));
      await worker.drain(config.drainMs, stopping.hurry);
      stopping.dispose();
      output.result({ worker: 'stopped' });
      return 0;
    }),
};
