import { invoke } from '#operations/invoke.js';
import { runboard } from '#operations/runboard/get.js';
import type { Runboard } from '#operations/runboard/shape.js';
import type { CommandModule } from '../command.js';
import { duration, oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';
import { standing } from '../summary.js';

export const command: CommandModule = {
  register: () => undefined,
  examples: ['board', 'board --json'],
  run: ({ output }) =>
    withExistingRoom(async ({ room }) => {
      const seen = await invoke(runboard, {}, room);
      output.print(boardText(seen, output));
      output.result(seen);
      return 0;
    }),
};

/** How the room stands, in one screen: lanes, why work waits, what needs a person, and what is at work. */
function boardText(board: Runboard, output: Output): string {
  const parts = [
    lanes(board, output),
    causes(board),
    approvals(board),
    needs(board),
    moving(board, output),
    workers(board),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function lanes({ lanes: all, now }: Runboard, { colours }: Output): string {
  const head = ['lane', 'in use', 'queued', 'oldest wait'].map((cell) => colours.dim(cell));
  const rows = all.map(({ lane, inUse, width, depth, oldestWaitSince: since }) => [
    lane,
    `${inUse}/${width}`,
    String(depth),
    since === null ? '' : ago(since, now),
  ]);
  return table([head, ...rows]);
}

function causes(board: Runboard): string {
  return board.causes.map(({ title, what, mend }) => oneLine(`${title}. ${what} ${mend}`)).join('\n');
}

function needs({ needsYou, now }: Runboard): string {
  if (needsYou.length === 0) return '';
  const rows = needsYou.map(({ title, what, mend, since }) =>
    [`  ${oneLine(title)}, for ${ago(since, now)}`, `    ${oneLine(what)}`, `    ${oneLine(mend)}`].join('\n'),
  );
  return ['Needs you:', ...rows].join('\n');
}

function approvals({ tally: { approvals: count } }: Runboard): string {
  if (count === 0) return '';
  return `${count} ${count === 1 ? 'intent waits' : 'intents wait'} for an approval: opsroom intents`;
}

function moving({ runs, now, tally }: Runboard, { colours }: Output): string {
  const open = runs.filter(({ endedAt }) => endedAt === null);
  if (open.length === 0) return tally.approvals === 0 ? 'Nothing runs or waits.' : 'Nothing runs.';
  const head = ['run', 'lane', 'status', 'done', 'since', 'title', ''].map((cell) => colours.dim(cell));
  const rows = open.map((run) => [
    run.shortId,
    run.lane,
    standing({ ...run, asks: run.asksPerson }, colours),
    `${run.progress.done}/${run.progress.total}`,
    ago(run.since, now),
    oneLine(run.title),
    colours.dim(oneLine(run.waiting?.what ?? '')),
  ]);
  return table([head, ...rows]);
}

function workers({ workers: all }: Runboard): string {
  if (all.length === 0) return 'No worker.';
  return all
    .map(({ name, state, slots, lastBeatAt }) => {
      const used = `${slots.inUse}${slots.of === null ? '' : ` of ${slots.of}`} runs`;
      return state === 'silent' ? `worker ${name}: silent since ${time(lastBeatAt)}` : `worker ${name}: ${used}`;
    })
    .join('\n');
}

const ago = (since: string, now: string): string => duration(Date.parse(now) - Date.parse(since));
