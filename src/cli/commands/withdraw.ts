import { withdrawIntent } from '#operations/intents/answers.js';
import { invoke } from '#operations/invoke.js';
import type { CommandModule } from '../command.js';
import { statusText } from '../intent-text.js';
import { withExistingRoom } from '../session.js';
import { INTENT_ARGUMENT } from './approve.js';

export const command: CommandModule = {
  register(command) {
    command.argument('<intent>', INTENT_ARGUMENT).option('--reason <text>', 'why', '');
  },
  examples: ['withdraw last'],
  run: ({ args: [intent = ''], command, output }) =>
    withExistingRoom(async ({ room }) => {
      const view = await invoke(withdrawIntent, { intent, reason: command.opts<{ reason: string }>().reason }, room);
      output.print(`Intent ${view.shortId}: ${statusText(view)}.`);
      output.result(view);
      return 0;
    }),
};
