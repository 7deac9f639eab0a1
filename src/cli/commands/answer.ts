import type { JsonObject } from '#ir/json.js';
import { type Answer, fieldValue, type Question, type QuestionOfStep } from '#ir/question.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { getRun } from '#operations/runs/get.js';
import { answerStep } from '#operations/runs/signals.js';
import { getStep } from '#operations/steps/get.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { printQuestion } from '../question-text.js';
import { type Session, withExistingRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

interface Options {
  readonly input: readonly string[];
  readonly accept?: boolean;
  readonly decline?: boolean;
  readonly cancel?: boolean;
  readonly reason: string;
  readonly detach?: boolean;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .argument('[step]', 'the step that asks, or STEP#ITEM; it may be left out where only one does')
      .option('-i, --input <name=value>', 'what a field of the form is filled in with; may be given again', collect, [])
      .option('--accept', 'say yes, where there is nothing to fill in')
      .option('--decline', 'say that you do not want to')
      .option('--cancel', 'say neither yes nor no')
      .option('--reason <text>', 'why; kept with the proofs', '')
      .option('--detach', 'return at once; a worker goes on with the run');
  },
  examples: ['answer last release', 'answer last release --input version=1.4.0', 'answer last --decline'],
  run: ({ args: [run = '', step], command, output }) =>
    withExistingRoom(async (session) => {
      const options = command.opts<Options>();
      const { run: id, question } = await askedIn(session, run, step);
      const { step: unit, digest } = question;
      const action = actionOf(options);
      if (action === undefined) {
        printQuestion(question, output);
        output.note(HOW_TO_ANSWER);
        output.result({ step: unit, question });
        return 3;
      }
      const { input, reason, detach = false } = options;
      const content = action === 'accept' ? { content: contentOf(question, input) } : {};
      const given = { run: id, step: unit, question: digest, action, reason, ...content } as const;
      return tellAndFinish(session, answerStep, given, { detach }, output);
    }),
};

const HOW_TO_ANSWER = 'Answer it with --input NAME=VALUE or --accept; or --decline, or --cancel.';

/**
 * Undefined: it is only looked at. To have looked is to have accepted nothing.
 *
 * @throws OpsroomError USAGE for more than one answer
 */
export function actionOf({
  input,
  accept = false,
  decline = false,
  cancel = false,
}: Pick<Options, 'input' | 'accept' | 'decline' | 'cancel'>): Answer['action'] | undefined {
  const said = [...(accept || input.length > 0 ? ['accept' as const] : []), ...(decline ? ['decline' as const] : [])];
  const [first, second] = cancel ? [...said, 'cancel' as const] : said;
  if (second !== undefined) throw new OpsroomError('USAGE', { what: `To ${first} and to ${second} is no one answer.` });
  return first;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** @throws as `questionOf` */
async function askedIn(
  { room }: Session,
  reference: string,
  wanted: string | undefined,
): Promise<{ run: string; question: QuestionOfStep }> {
  const { runId, steps } = await invoke(getRun, { run: reference }, room);
  const [step, item] = wanted?.split('#') ?? [];
  if (item !== undefined) {
    const { question } = await invoke(getStep, { run: runId, step, item: Number(item || Number.NaN) }, room);
    if (question) return { run: runId, question };
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: `The item ${wanted} asks nothing.`, where: `run ${runId}` });
  }
  return { run: runId, question: questionOf(steps, step, `run ${runId}`) };
}

/**
 * The question that is meant.
 * @param step the step that asks it; undefined: the only one
 * @throws OpsroomError NOT_ALLOWED_NOW when it asks nothing, or no step does; USAGE when several do
 */
export function questionOf(
  steps: readonly { readonly id: string; readonly question: QuestionOfStep | null }[],
  step: string | undefined,
  where: string,
): QuestionOfStep {
  const asking = steps.flatMap(({ id, question }) => (question ? [{ id, question }] : []));
  const [first, second] = step === undefined ? asking : asking.filter(({ id }) => id === step);
  if (first && !second) return first.question;
  const those = asking.map(({ question }) => question.step).join(', ');
  if (first) throw new OpsroomError('USAGE', { what: 'Several steps ask something.', mend: `Name one: ${those}.` });
  const none = 'No step of the run asks anything.';
  const what = step === undefined || those === '' ? none : `The step "${step}" asks nothing. Those that ask: ${those}.`;
  throw new OpsroomError('NOT_ALLOWED_NOW', { what, where });
}

function contentOf({ fields }: Question, inputs: readonly string[]): JsonObject {
  const pairs = inputs.map((text) => {
    const [name = '', ...rest] = text.split('=');
    if (rest.length === 0) {
      throw new OpsroomError('USAGE', { what: `"${name}" has no value.`, mend: 'Give it as --input NAME=VALUE.' });
    }
    const field = fields.find((one) => one.name === name);
    return [name, field ? fieldValue(field, rest.join('=')) : rest.join('=')] as const;
  });
  return Object.fromEntries(pairs);
}
