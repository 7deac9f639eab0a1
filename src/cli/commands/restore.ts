import { resolve } from 'node:path';
import type { CommandModule } from '../command.js';
import { RowCounter } from '../rows.js';
import { withRoom } from '../session.js';

/** `opsroom restore FILE`. JSON: `{ file, tables, rows }`. */
export const command: CommandModule = {
  register: (command) => {
    command.argument('<file>', 'a file that `opsroom backup` wrote');
  },
  examples: ['restore /backups/room-2026-11-21.gz'],
  async run({ args: [name = ''], output }) {
    const { requireBackup, restoreRoom } = await import('#operations/maintain.js');
    const file = resolve(name);
    await requireBackup(file);
    return withRoom(async ({ room }) => {
      const counter = new RowCounter(output);
      await restoreRoom(room, file, counter.seen);
      const total = counter.finish();
      output.print(`Restored ${total.rows} rows of ${total.tables} tables into ${room.home}`);
      output.print(
        'Not in it: put your copy of keys/, secrets.env and artefacts/ into the data directory before the next run.',
      );
      output.result({ file, ...total });
      return 0;
    });
  },
};
