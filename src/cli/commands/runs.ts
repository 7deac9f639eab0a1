import { InvalidArgumentError, Option } from 'commander';
import { LANES } from '#ir/plan.js';
import { RUN_STATUSES, type RunStatus } from '#ir/state.js';
import { invoke } from '#operations/invoke.js';
import { listRunsOperation, type RunSummary } from '#operations/runs/list.js';
import { shortId } from '#operations/runs/reference.js';
import type { CommandModule } from '../command.js';
import { duration, oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { withRoom } from '../session.js';
import { paint } from '../summary.js';

interface Options {
  readonly status?: readonly RunStatus[];
  readonly lane?: string;
  readonly text?: string;
  readonly limit: number;
}

export const command: CommandModule = {
  register(command) {
    command
      .addOption(new Option('--status <status...>', 'only these').choices(RUN_STATUSES))
      .addOption(new Option('--lane <lane>', 'only this lane').choices(LANES))
      .option('--text <text>', 'only with this in the title')
      .option('--limit <n>', 'at most so many', toLimit, 20);
  },
  examples: ['runs', 'runs --status failed rolled_back --limit 50', 'runs --text deploy --json'],
  run: ({ command, output }) =>
    withRoom(async ({ room }) => {
      const { json: _, ...filter } = command.opts<Options & { json?: boolean }>();
      const found = await invoke(listRunsOperation, filter, room);
      output.print(found.runs.length === 0 ? 'No runs.' : runTable(found.runs, output));
      output.result(found);
      return 0;
    }),
};

function toLimit(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}

function runTable(runs: readonly RunSummary[], { colours }: Output): string {
  const head = ['run', 'status', 'verdict', 'done', 'lane', 'took', 'created', 'title'].map((cell) =>
    colours.dim(cell),
  );
  const rows = runs.map((run) => [
    shortId(run.runId),
    paint(run.status, run.status, colours),
    run.endedAt === null ? '' : (run.word ?? ''),
    `${run.progress.done}/${run.progress.total}`,
    run.lane,
    run.startedAt === null || run.endedAt === null ? '' : duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    time(run.createdAt),
    oneLine(run.title),
  ]);
  return table([head, ...rows]);
}
