import type { StepView } from '#operations/steps/view.js';
import { duration, oneLine } from './format.js';
import type { Output } from './output.js';

type Attempt = StepView['attempts'][number];

/** One step of a run as people read it: what its tool was given, its attempts, and what each verifier saw before and after. */
export function printStep(view: StepView, output: Output): void {
  const { colours } = output;
  output.print(`${colours.bold(oneLine(view.title))}  ${view.step}`);
  for (const { file, from, to, label } of view.source)
    output.print(colours.dim(`${file}:${from}${to === from ? '' : `–${to}`}${label === null ? '' : ` (${label})`}`));
  const args = view.attempts.at(-1)?.args ?? view.written;
  output.print(`\n${colours.dim('arguments')} ${oneLine(JSON.stringify(args))}`);
  for (const attempt of view.attempts) printAttempt(attempt, output);
  if (view.items?.next !== null && view.items !== null) output.note('There are more items; see one with --item.');
}

function printAttempt(attempt: Attempt, output: Output): void {
  const { colours } = output;
  const { status, word, startedAt, endedAt, error, verdicts, artefacts } = attempt;
  const took = endedAt === null ? 'so far' : duration(Date.parse(endedAt) - Date.parse(startedAt));
  output.print(
    `\n${colours.bold(`attempt ${attempt.attempt}`)}  ${status === 'done' ? (word ?? status) : status}  ${took}`,
  );
  if (error) output.print(`  ${colours.red(error.code)}: ${oneLine(error.message)}\n  ${oneLine(error.mend)}`);
  for (const { id, word: verdict, before, after } of verdicts) {
    output.print(`  ${id}: ${verdict}`);
    if (before) output.print(colours.dim(`    before: ${oneLine(before.summary)}`));
    output.print(colours.dim(`    after:  ${oneLine(after.summary)}`));
  }
  for (const { name, sha256, size } of artefacts)
    output.print(`  ${name}  ${size} bytes  ${colours.dim(`sha256:${sha256}`)}`);
}
