import { resolve } from 'node:path';
import type { CommandModule } from '../command.js';
import { FORCE_OPTION, refuseExisting } from '../out-file.js';
import { RowCounter } from '../rows.js';
import { withExistingRoom } from '../session.js';

/** `opsroom backup FILE`. JSON: `{ file, tables, rows }`. */
export const command: CommandModule = {
  register: (command) => {
    command.argument('<file>', 'where to write').option(...FORCE_OPTION);
  },
  examples: ['backup /backups/room-2026-11-21.gz', 'backup /backups/latest.gz --force'],
  run: async ({ args: [name = ''], command, output }) => {
    const file = resolve(name);
    await refuseExisting(file, command.opts());
    return withExistingRoom(async ({ room }) => {
      const { backUpRoom } = await import('#operations/maintain.js');
      const counter = new RowCounter(output);
      await backUpRoom(room, file, counter.seen);
      const total = counter.finish();
      output.print(`Backed up ${total.rows} rows of ${total.tables} tables into ${file}`);
      output.print(
        "Not in it: keep a copy of keys/, secrets.env and artefacts/ of every host's data directory. Workspaces are lost.",
      );
      output.result({ file, ...total });
      return 0;
    });
  },
};
