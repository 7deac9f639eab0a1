import type { JsonValue } from '#ir/json.js';
import type { StepView } from '#operations/steps/view.js';
import { argument } from './dry-run.js';
import { duration, linesOf, oneLine } from './format.js';
import type { Output } from './output.js';

type Attempt = StepView['attempts'][number];

/** One step of a run as people read it: what its tool was given, its attempts, and what each verifier saw before and after. */
export function printStep(view: StepView, output: Output): void {
  const { colours } = output;
  output.print(`${colours.bold(oneLine(view.title))}  ${view.step}`);
  for (const { file, from, to, label } of view.source)
    output.print(colours.dim(`${file}:${from}${to === from ? '' : `–${to}`}${label === null ? '' : ` (${label})`}`));
  output.print(`\n${colours.dim('arguments')} ${argumentsText(view.attempts.at(-1)?.args ?? view.written)}`);
  for (const attempt of view.attempts) printAttempt(attempt, output);
  if (view.items?.next !== null && view.items !== null) output.note('There are more items; see one with --item.');
}

/** On one line as far as nothing has lines of its own; what a person is to do stands at the margin, as it may have to be pasted. */
function argumentsText(args: JsonValue): string {
  const given = args !== null && typeof args === 'object' && !Array.isArray(args) ? Object.entries(args) : [];
  if (!given.some(([, value]) => typeof value === 'string' && value.trimEnd().includes('\n')))
    return oneLine(JSON.stringify(args));
  return given.map(([name, value]) => `\n${told(name, value) ?? argument(name, value)}`).join('');
}

function told(name: string, value: JsonValue): string | undefined {
  if (name !== 'instructions' || typeof value !== 'string') return undefined;
  return [`  ${name}:`, '', ...linesOf(value.trim()), ''].join('\n');
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
    output.print(colours.dim(`    after:  ${linesOf(after.summary).join('\n            ')}`));
  }
  for (const { name, sha256, size } of artefacts)
    output.print(`  ${name}  ${size} bytes  ${colours.dim(`sha256:${sha256}`)}`);
}
