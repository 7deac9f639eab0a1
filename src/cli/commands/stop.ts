import type { CommandModule } from '../command.js';

interface Options {
  readonly wait?: boolean;
}

/** `opsroom stop`. JSON: `{ server: 'stopped' | 'stopping' | 'not running', pid?, database }`. */
export const command: CommandModule = {
  register: (command) => {
    command.option('--wait', 'wait until its runs have drained and it has ended');
  },
  examples: ['stop', 'stop --wait'],
  run: async ({ command, output }) => {
    const [{ loadConfig }, { locateHome, stopIdleDatabase }, { openRoomLog }, { findServing, waitForEnd }] =
      await Promise.all([
        import('#kit/config.js'),
        import('#operations/maintain.js'),
        import('#operations/room-log.js'),
        import('#server/serving.js'),
      ]);
    const config = loadConfig();
    const home = await locateHome(config, process.cwd());
    const serving = await findServing(home);
    if (serving) {
      process.kill(serving.pid, 'SIGTERM');
      output.note(`Told process ${serving.pid} to stop; its steps have ${config.drainMs / 1000} s to finish.`);
      if (command.opts<Options>().wait !== true) {
        output.result({ server: 'stopping', pid: serving.pid, database: 'in use' });
        return 0;
      }
      await waitForEnd(serving);
    }
    const database = await stopIdleDatabase(home, async () => (await openRoomLog(config, process.cwd())).log);
    output.print(serving ? `Process ${serving.pid} has stopped.` : 'No server runs here.');
    if (database === 'stopped') output.print('Stopped the embedded database that it left behind.');
    output.result({
      server: serving ? 'stopped' : 'not running',
      ...(serving && { pid: serving.pid }),
      database,
    });
    return 0;
  },
};
