import { readFile } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';
import { approveIntent } from '#operations/intents/answers.js';
import { invoke } from '#operations/invoke.js';
import type { CommandModule } from '../command.js';
import { leaveRun } from '../finish.js';
import { waitingText } from '../intent-text.js';
import { withExistingRoom } from '../session.js';

interface Options {
  readonly reason: string;
  readonly form?: string;
  readonly breakGlass?: true;
}

export const INTENT_ARGUMENT = 'the intent: its id, at least four digits of it, or "last"';

export const command: CommandModule = {
  register(command) {
    command
      .argument('<intent>', INTENT_ARGUMENT)
      .requiredOption('--reason <text>', 'why; it stands in the proof of the run')
      .option('--form <file>', 'what the policy wants filled in, as JSON')
      .option('--break-glass', 'in an emergency: with a second person who says so, past windows, roles and numbers');
  },
  examples: [
    'approve last --reason "Checked on staging"',
    'approve 3f9c21ab --reason "Ticket is open" --form ticket.json',
    'approve 3f9c21ab --reason "The shop is down" --break-glass',
  ],
  run: ({ args: [intent = ''], command, output }) =>
    withExistingRoom(async (session) => {
      const { reason, form, breakGlass = false } = command.opts<Options>();
      const filled = form === undefined ? {} : { form: await readForm(form) };
      const view = await invoke(approveIntent, { intent, reason, breakGlass, ...filled }, session.room);
      if (view.status === 'running' && view.runId !== null && !output.json)
        return leaveRun(session, view.runId, output);
      for (const line of waitingText(view, session.room)) output.print(line);
      output.result(view);
      return 0;
    }),
};

async function readForm(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new OpsroomError('INPUT_INVALID', {
      what: `The form cannot be read: ${(cause as Error).message}`,
      where: file,
      mend: 'Name a file that holds a JSON object.',
    });
  }
}
