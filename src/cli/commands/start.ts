import type { CommandModule } from '../command.js';
import { portNumber } from '../numbers.js';
import { withRoomAnd } from '../session.js';
import type { StartOptions } from '../stand.js';
import { listenForStop } from '../stopping.js';

const DEFAULT_PORT = 4310;
/** All that serves; nothing of it is needed for help. */
const loadStand = () => import('../stand.js');

/**
 * `opsroom start`: stays up until it is told to stop. JSON: a line `{ url, open, pid, home }` when it listens, then, when the
 * example ran, its result with `bundle`. `open` is the address for browsers, without the link that lets the first owner in: what
 * programs read is kept in logs.
 */
export const command: CommandModule = {
  register: (command) => {
    command
      .option('--port <n>', 'where to listen; 0 takes any free port', portNumber, DEFAULT_PORT)
      .option('--host <address>', 'on which address; another than loopback needs --open-to-network', '127.0.0.1')
      .option(
        '--open-to-network',
        'listen where other machines reach it: put TLS in front, keys travel in clear otherwise',
      )
      .option('--once', 'run the example over this package and end; the exit code is the run’s');
  },
  examples: ['start', 'start --port 0 --once'],
  run: ({ command, output }) =>
    withRoomAnd(loadStand, async (session, { stand }) => {
      const stopping = listenForStop();
      try {
        return await stand(session, command.opts<StartOptions>(), { output, stopping });
      } finally {
        stopping.dispose();
      }
    }),
};
