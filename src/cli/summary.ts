import { declinedWords } from '#ir/declined.js';
import { doneWord, restsOn } from '#ir/done-word.js';
import { named } from '#ir/named.js';
import { hasEnded } from '#ir/state.js';
import type { RunView } from '#operations/runs/get.js';
import { runCostText } from './cost-text.js';
import { duration, linesOf, oneLine, table, time } from './format.js';
import { saidText } from './intent-text.js';
import type { Output } from './output.js';
import { printQuestion } from './question-text.js';

const MOST_NAMED = 20;

/** The result of a run as programs read it. The shape is pinned: scripts and agents rely on it. */
export function runResult(run: RunView) {
  return {
    runId: run.runId,
    status: run.status,
    planDigest: run.planDigest,
    durationMs: run.durationMs,
    // Somebody ended it, or left a part out: it succeeded without that.
    ...(run.declined.length === 0 ? {} : { declined: run.declined }),
    steps: run.steps.map(({ id, status, attempts, verdicts }) => ({
      id,
      status,
      attempts,
      verdicts: verdicts.map(({ id: verdict, passed, proven }) => ({ id: verdict, passed, proven })),
    })),
  };
}

/** 0 succeeded, 1 failed, rolled back or cancelled, 3 waits for someone; 0 also while it goes on. */
export function exitCodeOf(status: RunView['status']): number {
  if (status === 'failed' || status === 'rolled_back' || status === 'cancelled') return 1;
  return status === 'waiting' || status === 'paused' ? 3 : 0;
}

/** A run as people read it: its state, why it waits or failed, its steps, and what can be done. */
export function printRun(run: RunView, output: Output): void {
  const { colours } = output;
  output.print(`${colours.bold(oneLine(run.title))}  ${headline(run, output)}`);
  output.print(colours.dim(facts(run)));
  for (const said of run.approvals) output.print(colours.dim(saidText(said, run)));
  if (run.cost) output.print(colours.dim(runCostText(run.cost)));
  if (run.error)
    output.print(`${colours.red(run.error.code)}: ${oneLine(run.error.message)}\n  ${oneLine(run.error.mend)}`);
  if (run.waiting) output.print(waitText(run.waiting, colours.yellow('waits')));
  if (run.asks) output.print(waitText(run.asks, colours.yellow('asks a person')));
  for (const { question } of run.steps) if (question) printQuestion(question, output);
  for (const { step, why } of run.notUndone) output.print(`${colours.yellow('not undone')}: ${step} (${why})`);
  for (const { step, by, reason, notDone } of run.declined)
    output.print(
      `${colours.yellow('not done')}: ${named(notDone, MOST_NAMED)} (${oneLine(by)} said no at ${step}: ${oneLine(reason)})`,
    );
  output.print('');
  output.print(stepTable(run, output));
}

/** Why a run waits, and the way on. Lines to be pasted stand at the margin: moved in, a here-document would not end. */
export function waitText({ what, mend }: NonNullable<RunView['waiting']>, head: string): string {
  const [first = '', ...told] = linesOf(what);
  const shown = told.length === 0 ? [] : ['', ...told, ''];
  return [`${head}: ${first.trim()}`, ...shown, `  ${oneLine(mend)}`].join('\n');
}

/** `succeeded, proven  5/5  3.2 s`. */
export function headline(run: RunView, { colours }: Output): string {
  const status = standing({ ...run, asks: run.asks !== null }, colours);
  const word = run.word === null || run.word === 'failed' ? '' : `, ${run.word}`;
  const rests = hasEnded(run.status) ? restsOn(run.steps) : undefined;
  const left = declinedWords(run.declined);
  const more = [rests, left].filter((words) => words !== undefined).map(oneLine);
  const steps = `${run.progress.done}/${run.progress.total}${more.length === 0 ? '' : `: ${more.join('; ')}`}`;
  return `${status}${word}  ${steps}  ${duration(run.durationMs)}`;
}

function facts(run: RunView): string {
  const parts = [
    `run ${run.runId} (${run.shortId})`,
    `lane ${run.lane}`,
    `by ${oneLine(run.requestedBy)}`,
    time(run.createdAt),
  ];
  if (run.parent) parts.push(`re-run of ${run.parent.slice(-8)}`);
  if (run.intent) parts.push(`for intent ${run.intent.slice(-8)}`);
  return parts.join(' · ');
}

/** Step, word, attempts, duration; below each step what its failing verifiers and its error said. */
function stepTable(run: RunView, { colours }: Output): string {
  const rows = run.steps.map((step) => {
    const items = step.items ? ` (${step.items.done}/${step.items.total})` : '';
    const took =
      step.startedAt === null || step.endedAt === null
        ? ''
        : duration(Date.parse(step.endedAt) - Date.parse(step.startedAt));
    const word = step.status === 'done' ? doneWord(step) : step.status;
    const note = step.reusedFrom
      ? `taken over from ${step.reusedFrom.slice(-8)}`
      : step.person
        ? `by ${oneLine(step.person.by)}`
        : '';
    return [step.id + items, paint(step.status, word, colours), String(step.attempts), took, note];
  });
  const head = ['step', 'verdict', 'attempts', 'took', ''].map((cell) => colours.dim(cell));
  const lines = table([head, ...rows]).split('\n');
  return [lines[0] ?? '', ...run.steps.flatMap((step, i) => [lines[i + 1] ?? '', ...complaints(step)])].join('\n');
}

function complaints(step: RunView['steps'][number]): string[] {
  if (step.status === 'done' && step.verdicts.every(({ passed }) => passed)) return [];
  const failing = step.verdicts
    .filter(({ passed }) => !passed)
    .map(({ id, summary }) => `    ${id}: ${linesOf(summary).join('\n      ')}`);
  return [...(step.error ? [`    ${oneLine(step.error.message)}`] : []), ...failing];
}

interface Standing {
  readonly status: RunView['status'];
  readonly rollingBack: boolean;
  /** It asks something of a person, be it beside what goes on. */
  readonly asks: boolean;
}

/** How a run stands, the same in a list, on the board and of one run: one that asks a person beside what goes on does not merely run. */
export function standing({ status, rollingBack, asks }: Standing, colours: Output['colours']): string {
  const besides = status === 'running' && asks;
  const words = [status, ...(rollingBack ? ['rolling back'] : []), ...(besides ? ['asks a person'] : [])].join(', ');
  return paint(besides ? 'waiting' : status, words, colours);
}

function paint(
  status: RunView['status'] | RunView['steps'][number]['status'],
  text: string,
  colours: Output['colours'],
): string {
  switch (status) {
    case 'succeeded':
    case 'done':
      return colours.green(text);
    case 'failed':
    case 'rolled_back':
    case 'cancelled':
    case 'unknown':
      return colours.red(text);
    case 'waiting':
    case 'paused':
    case 'pausing':
    case 'retrying':
      return colours.yellow(text);
    default:
      return text;
  }
}
