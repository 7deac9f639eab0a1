import { Argument, type Command, Option } from 'commander';
import { LANES } from '#ir/plan.js';
import { RUN_STATUSES } from '#ir/state.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import type { RunFilter } from '#operations/runs/filter.js';
import { listRunsOperation } from '#operations/runs/list.js';
import { shortId } from '#operations/runs/reference.js';
import type { RunSummary } from '#operations/runs/summary.js';
import type { CommandModule } from '../command.js';
import { showDecisions } from '../decisions.js';
import { duration, oneLine, table, time } from '../format.js';
import { listLimit, MOST_LISTED } from '../numbers.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';
import { standing } from '../summary.js';

type Options = RunFilter & { readonly limit: number; readonly jsonl?: boolean };

export const command: CommandModule = {
  register(command) {
    command.addArgument(new Argument('[what]', 'what to show').choices(['list', 'decisions']).default('list'));
    command.argument('[run]', 'of decisions: the run');
    addFilterOptions(command);
    command.option('--jsonl', 'of decisions: one JSON object a line');
    command.option('--limit <n>', 'at most so many', listLimit, 20);
  },
  examples: [
    'runs',
    'runs --status failed rolled_back --within 7d --limit 50',
    'runs --session "Move the shop" --target environment=staging',
    'runs --text deploy --requested-by me --json',
    'runs decisions last --jsonl',
  ],
  run: ({ args: [what, run], command, output }) =>
    withExistingRoom(async ({ room }) => {
      const { limit, jsonl = false, ...filter } = command.opts<Options>();
      if (what === 'decisions') return showDecisions(room, run, { jsonl, output });
      const { runs, more } = await listed(room, withoutForm(filter), limit);
      output.print(runs.length === 0 ? 'No runs.' : runTable(runs, output));
      if (more) output.note(moreText(runs));
      output.result({ runs });
      return 0;
    }),
};

/** The filter of `runs.list` as options. */
export function addFilterOptions(command: Command): void {
  command
    .addOption(new Option('--status <status...>', 'only these').choices(RUN_STATUSES))
    .addOption(new Option('--lane <lane...>', 'only these lanes').choices(LANES))
    .option('--session <name>', 'only of this session, by name or id')
    .option('--plan <plan>', 'only of a plan: the beginning of its digest, or part of its title')
    .option('--text <text>', 'only with this in the title or the id')
    .option('--requested-by <who...>', 'only asked for by these; "me" is you')
    .option('--target <name=value...>', 'only with this in the target: environment=staging')
    .option('--within <time>', 'only of the last 30m, 24h, 7d')
    .option('--from <time>', 'only created at this time or later: 2026-11-21T03:00:00Z')
    .option('--to <time>', 'only created before this time')
    .option('--needs-person', 'only what waits for a person')
    .addOption(
      new Option('--archived <which>', 'archived ones: no, only, or all for both').choices(['no', 'only', 'all']),
    );
}

/** The options that make a filter, and none of those that every command has. */
export function withoutForm({
  json: _,
  org: __,
  ...filter
}: RunFilter & { readonly json?: boolean; readonly org?: string }): RunFilter {
  return filter;
}

interface Listed {
  readonly runs: readonly RunSummary[];
  /** There are older ones. */
  readonly more: boolean;
}

/** A page looks at a bounded number of runs and may be short: asks on until there are enough, or no more. */
async function listed(room: Room, filter: RunFilter, limit: number): Promise<Listed> {
  const runs: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = { ...filter, limit: limit - runs.length, ...(cursor === undefined ? {} : { cursor }) };
    const found = await invoke(listRunsOperation, page, room);
    runs.push(...found.runs);
    cursor = found.next ?? undefined;
  } while (cursor !== undefined && runs.length < limit);
  return { runs, more: cursor !== undefined };
}

/** Said also beside JSON, on stderr: a list that ends early looks like all there is. */
function moreText(runs: readonly RunSummary[]): string {
  const shown = runs.length === 1 ? 'The newest one is shown' : `The newest ${runs.length} are shown`;
  const way = runs.length < MOST_LISTED ? `--limit N, up to ${MOST_LISTED}` : `--to ${runs.at(-1)?.createdAt}`;
  return `${shown}, and there are older ones: ${way}.`;
}

function runTable(runs: readonly RunSummary[], { colours }: Output): string {
  const head = ['run', 'status', 'verdict', 'done', 'lane', 'took', 'created', 'title'].map((cell) =>
    colours.dim(cell),
  );
  const rows = runs.map((run) => [
    shortId(run.runId),
    standing({ ...run, asks: run.needsPerson }, colours),
    run.endedAt === null ? '' : (run.word ?? ''),
    `${run.progress.done}/${run.progress.total}`,
    run.lane,
    run.startedAt === null || run.endedAt === null ? '' : duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    time(run.createdAt),
    oneLine(run.title),
  ]);
  return table([head, ...rows]);
}
