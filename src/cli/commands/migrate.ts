import type { CommandModule } from '../command.js';

interface Options {
  readonly status?: boolean;
}

/** `opsroom migrate`. JSON: `{ now, applied, pending }`, each a list of numbers. */
export const command: CommandModule = {
  register: (command) => {
    command.option('--status', 'only say what is applied and what is missing');
  },
  examples: ['migrate', 'migrate --status'],
  run: async ({ command, output }) => {
    const [{ loadConfig }, { migrateRoom }, { openRoomLog }] = await Promise.all([
      import('#kit/config.js'),
      import('#operations/maintain.js'),
      import('#operations/room-log.js'),
    ]);
    const config = loadConfig();
    const { log } = await openRoomLog(config, process.cwd());
    const { status } = command.opts<Options>();
    const migrated = await migrateRoom(config, process.cwd(), log, status !== true);
    const { now, applied, pending } = migrated;
    if (now.length > 0) output.print(`Applied: ${now.join(', ')}`);
    const missing = pending.length === 0 ? 'nothing is missing' : `missing: ${pending.join(', ')}`;
    output.print(`The database has ${applied.length} migrations; ${missing}.`);
    output.result(migrated);
    return 0;
  },
};
