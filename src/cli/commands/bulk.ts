import { Argument } from 'commander';
import { BULK_ACTIONS } from '#ir/bulk.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { bulk, previewBulk } from '#operations/runs/bulk.js';
import { resolveRun } from '#operations/runs/reference.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

interface Options {
  readonly yes?: true;
  readonly reason?: string;
}

/** Without `--yes` it says what would happen. Exit code 1 when something failed on the way. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('<action>', 'what to do').choices(BULK_ACTIONS))
      .argument('<runs...>', 'the runs: ids, or at least four digits of each')
      .option('--yes', 'do it; without, only say what would happen')
      .option('--reason <text>', 'why; in the audit log for each run');
  },
  examples: ['bulk cancel 3f9c21ab 77d0e1c4', 'bulk archive 3f9c21ab 77d0e1c4 --yes --reason "drills of last week"'],
  run: ({ args: [action, ...references], command, output }) =>
    withExistingRoom(async ({ room }) => {
      const { yes, reason } = command.opts<Options>();
      const runs: string[] = [];
      for (const reference of references) runs.push(await resolveRun(room, reference));
      return yes ? apply(room, { action, runs, reason }, output) : preview(room, { action, runs }, output);
    }),
};

interface Request {
  readonly action: string | undefined;
  readonly runs: readonly string[];
}

async function preview(room: Room, request: Request, output: Output): Promise<number> {
  const seen = await invoke(previewBulk, request, room);
  const rows = seen.runs.map((run) => [run.shortId, run.applies ? 'yes' : 'no', run.what, oneLine(run.title)]);
  output.print(table([['run', 'applies', 'what', 'title'].map((cell) => output.colours.dim(cell)), ...rows]));
  output.note(
    `It applies to ${seen.applies} of ${seen.runs.length}. Nothing was done: add --yes and --reason to do it.`,
  );
  output.result(seen);
  return 0;
}

async function apply(
  room: Room,
  request: Request & { readonly reason: string | undefined },
  output: Output,
): Promise<number> {
  if (request.reason === undefined)
    throw new OpsroomError('USAGE', { what: 'It needs a reason.', mend: 'Add --reason "why".' });
  const result = await invoke(bulk, request, room);
  const rows = result.runs.map((run) => [run.shortId, run.outcome, run.what, oneLine(run.title)]);
  output.print(table([['run', 'outcome', 'what', 'title'].map((cell) => output.colours.dim(cell)), ...rows]));
  output.result(result);
  return result.failed > 0 ? 1 : 0;
}
