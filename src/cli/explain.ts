import { join, relative } from 'node:path';
import type { CompiledView } from '#operations/plans/compile.js';
import { type ReadPlan, splitName } from '#operations/plans/file.js';
import { oneLine, table } from './format.js';
import type { Output } from './output.js';

type Explanation = NonNullable<CompiledView['explanation']>;

/** Rules whose blocks tell nothing: the code inside them has an entry of its own. */
const SILENT: ReadonlySet<string> = new Set(['item-holds-code']);
const LINE = 60;

/** The file that an explanation's lines are of. */
export function explainedFile(name: string, given: ReadPlan['given']): string {
  if (!('bundle' in given)) return splitName(name).path;
  const [list] = given.bundle;
  const inFolder = join(given.folder ?? '', list?.path ?? '');
  return relative(process.cwd(), inFolder);
}

/** What became of each block of a runbook, or of each task of a task list, for people: `FILE:LINES`, so that terminals make links of it. */
export function printExplanation(file: string, explanation: Explanation, output: Output): void {
  const { colours } = output;
  const { steps, questions } = explanation;
  const leftOut = explanation.leftOut.filter(({ rule }) => !SILENT.has(rule));
  output.print(colours.bold('\nWhat is done'));
  const done = steps.map((step) => [
    place(step.file ?? file, step.lines),
    step.label,
    step.id,
    colours.dim(clip(step.firstLine)),
    `${oneLine(step.why)} ${colours.dim(`[${step.rule}]`)}${marks(step)}`,
  ]);
  output.print(table(done));
  if (leftOut.length > 0) output.print(colours.bold('\nWhat is left out'));
  const gaps = leftOut.map(({ file: own, lines, firstLine, why, rule }) => [
    place(own ?? file, lines),
    colours.dim(clip(firstLine)),
    `${oneLine(why)} ${colours.dim(`[${rule}]`)}`,
  ]);
  if (gaps.length > 0) output.print(table(gaps));
  if (questions.length > 0) output.print(colours.bold('\nWhat is asked'));
  for (const { lines, text } of questions) output.print(`${place(file, lines)}  ${oneLine(text)}`);
}

/** `rotate.md:12-18`. */
export function place(file: string, { from, to }: { from: number; to: number }): string {
  return `${file}:${from === to ? from : `${from}-${to}`}`;
}

function marks({ background, ask, weak }: Explanation['steps'][number]): string {
  const said = [background ? 'in the background' : '', ask === null ? '' : `asks: ${ask}`, weak ? 'weak' : ''];
  const shown = said.filter((mark) => mark !== '').join(', ');
  return shown === '' ? '' : ` (${oneLine(shown)})`;
}

function clip(text: string): string {
  const line = oneLine(text);
  return line.length <= LINE ? line : `${line.slice(0, LINE - 1)}…`;
}
