import type { JsonObject } from '#ir/json.js';
import { fieldValue, type Question } from '#ir/question.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { getRun } from '#operations/runs/get.js';
import { answerStep } from '#operations/runs/signals.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { printQuestion } from '../question-text.js';
import { type Session, withRoom } from '../session.js';
import { tellAndFinish } from '../tell.js';

interface Options {
  readonly input: readonly string[];
  readonly decline?: boolean;
  readonly cancel?: boolean;
  readonly reason: string;
  readonly detach?: boolean;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .argument('[step]', 'the step that asks; it may be left out where only one does')
      .option('-i, --input <name=value>', 'what a field of the form is filled in with; may be given again', collect, [])
      .option('--decline', 'say that you do not want to')
      .option('--cancel', 'say neither yes nor no')
      .option('--reason <text>', 'why; kept with the proofs', '')
      .option('--detach', 'return at once; a worker goes on with the run');
  },
  examples: ['answer last release --input version=1.4.0', 'answer last --decline'],
  run: ({ args: [run = '', step], command, output }) =>
    withRoom(async (session) => {
      const { input, decline = false, cancel = false, reason, detach = false } = command.opts<Options>();
      const asked = await askedIn(session, run, step);
      const action = decline ? 'decline' : cancel ? 'cancel' : 'accept';
      if (
        action === 'accept' &&
        input.length === 0 &&
        (asked.question.fields.length > 0 || asked.question.url !== null)
      ) {
        printQuestion(asked.question, output);
        output.result({ step: asked.step, question: asked.question });
        if (asked.question.url === null) return 3;
      }
      const content = action === 'accept' ? { content: contentOf(asked.question, input) } : {};
      const given = { run: asked.run, step: asked.step, action, reason, ...content } as const;
      return tellAndFinish(session, answerStep, given, { detach }, output);
    }),
};

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** @throws OpsroomError NOT_ALLOWED_NOW when no step asks; USAGE when several do */
async function askedIn(
  { room }: Session,
  reference: string,
  wanted: string | undefined,
): Promise<{ run: string; step: string; question: Question }> {
  const { runId, steps } = await invoke(getRun, { run: reference }, room);
  const asking = steps.flatMap(({ id, question }) => (question ? [{ run: runId, step: id, question }] : []));
  const chosen = wanted === undefined ? asking : asking.filter(({ step }) => step === wanted.split('#')[0]);
  const [first] = chosen;
  if (!first)
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'No step of the run asks anything.', where: `run ${runId}` });
  if (chosen.length > 1) {
    const mend = `Name one: ${chosen.map(({ step }) => step).join(', ')}.`;
    throw new OpsroomError('USAGE', { what: 'Several steps ask something.', mend });
  }
  return { ...first, step: wanted ?? first.step };
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
