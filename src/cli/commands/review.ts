import { OpsroomError } from '#kit/errors.js';
import { openReview, type Review, type ReviewItem } from '#operations/plans/review.js';
import { askKey, someoneAnswers } from '../ask.js';
import type { CommandModule } from '../command.js';
import { place } from '../explain.js';
import { logLine, oneLine } from '../format.js';
import type { Output } from '../output.js';

type Answer = Parameters<Review['write']>[0][number];

export const command: CommandModule = {
  register(command) {
    command
      .argument('<runbook>', 'the Markdown file')
      .option('--accept', 'accept every block as the rules decide, without asking');
  },
  examples: ['review ops/rotate.md', 'review ops/rotate.md --accept'],
  async run({ args: [file = ''], command, output }) {
    const review = await openReview(file);
    for (const warning of review.warnings) output.note(`warning: ${warning}`);
    const answers = command.opts<{ accept?: true }>().accept ? asDecided(review) : await walk(file, review, output);
    if (answers === undefined) {
      output.note('Nothing was written.');
      return 1;
    }
    const lock = await review.write(answers);
    for (const line of reviewedText(file, review.items, answers, lock)) output.print(line);
    output.result({
      lock,
      blocks: review.items.map(({ lines, label }, i) => ({ lines, decided: label, decision: answers[i] })),
    });
    return 0;
  },
};

/** What the review comes to, and which blocks it lets do harm without a question. An item with code in it is no block of its own. */
export function reviewedText(
  file: string,
  items: readonly Pick<ReviewItem, 'rule' | 'ask' | 'lines'>[],
  answers: readonly Answer[],
  lock: string,
): string[] {
  const count = items.filter(({ rule }) => rule !== 'item-holds-code').length;
  const trusted = items.filter(({ ask }, i) => ask !== undefined && answers[i] !== 'skip');
  return [
    `Reviewed ${count} ${count === 1 ? 'block' : 'blocks'}: ${lock}`,
    ...(trusted.length === 0 ? [] : ['Runs without asking, as long as the file stays as it was reviewed:']),
    ...trusted.map(({ lines, ask }) => `  ${place(file, lines)}  ${oneLine(ask ?? '')}`),
  ];
}

/** What was answered before stays; everything else as the rules decide. */
function asDecided({ items }: Review): Answer[] {
  return items.map(({ label, answer }) => answer ?? label);
}

/** Shows each block that is new or has changed. Undefined when the person gave up. */
async function walk(file: string, review: Review, output: Output): Promise<Answer[] | undefined> {
  if (!someoneAnswers())
    throw new OpsroomError('USAGE', {
      what: 'A review needs a terminal.',
      mend: `Review it at a terminal, or accept every block as decided: \`opsroom review ${file} --accept\`. Before, see \`opsroom compile ${file} --explain\`.`,
    });
  const answers: Answer[] = [];
  for (const item of review.items) {
    const answer = item.answer ?? (isSilent(item) ? item.label : await askAbout(file, item, output));
    if (answer === undefined) return undefined;
    answers.push(answer);
  }
  return answers;
}

/** Text that was left out needs no answer: nothing comes of it. */
function isSilent({ label, mayRun }: ReviewItem): boolean {
  return label === 'leave_out' && !mayRun;
}

async function askAbout(file: string, item: ReviewItem, output: Output): Promise<Answer | undefined> {
  const { lines, label, why, rule, text, state, ask, background, mayRun } = item;
  const mark = state === 'changed' ? ' (changed since the last review)' : '';
  output.note(`\n${place(file, lines)}${mark}`);
  for (const line of text.split('\n')) output.note(`    ${logLine(line)}`);
  const more = [background ? 'in the background' : '', ask === undefined ? '' : `dangerous: ${ask}`].filter(Boolean);
  output.note(`${label}: ${oneLine([why, ...more].join('; '))} [${rule}]`);
  const keys = mayRun ? ['a', 'r', 'q'] : ['a', 's', 'q'];
  const key = await askKey(mayRun ? 'accept, run it, quit? [a/r/q]' : 'accept, skip it, quit? [a/s/q]', keys);
  if (key === 'a') return label;
  if (key === 's') return 'skip';
  return key === 'r' ? 'run' : undefined;
}
