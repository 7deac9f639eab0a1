import { openQuestion } from '#execute/decide/asking.js';
import { type Parked, unitKey } from '#execute/records.js';
import { lastOfItems, rowsByStep } from '#execute/views/steps.js';
import type { ViewedAttempt, ViewedRun } from '#execute/views/store.js';
import { stepOf } from './asked-of.js';
import type { AskingStep } from './asking-store.js';

/** What a run at work asks of a person: in short what it will say once nothing else goes on. */
export function askedBeside({ step, item, status, question, guards }: AskingStep): Parked {
  const unit = unitKey(step, item);
  const at = { step, item };
  if (status === 'unknown') {
    const mend = `Look, then say: \`opsroom resolve RUN ${unit} --as done|failed|skip|retry --reason TEXT\`.`;
    return { code: 'UNKNOWN', what: `Nobody knows how far step ${unit} came.`, mend, ...at };
  }
  if (question !== null)
    return {
      code: 'INPUT',
      what: `Step ${unit} asks: ${question}`,
      mend: `Answer it: \`opsroom answer RUN ${unit}\`; or \`--decline\`.`,
      ...at,
    };
  const confirm = `\`opsroom confirm RUN ${unit} --reason TEXT\``;
  if (!guards)
    return { code: 'MANUAL', what: `Step ${unit} is done by a person.`, mend: `When it is done: ${confirm}.`, ...at };
  const mend = `Yes: ${confirm}. No, leave it out: \`opsroom resolve RUN ${unit} --as skip --reason TEXT\`.`;
  return { code: 'MANUAL', what: `Step ${unit} asks whether others may be done.`, mend, ...at };
}

/** What a run at work asks, from its attempts: the same that `askingBeside` reads of many. Undefined: nothing. */
export function askingIn(
  { status, mode, plan }: Pick<ViewedRun, 'status' | 'mode' | 'plan'>,
  attempts: readonly ViewedAttempt[],
): AskingStep | undefined {
  if (status !== 'running') return undefined;
  const last = [...rowsByStep(attempts).values()].flatMap(lastOfItems);
  const [first] = last
    .filter((row) => isAsking(row) && (mode !== 'rollback' || row.step.includes('/')))
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  if (first === undefined) return undefined;
  const { step, item, startedAt } = first;
  const question = openQuestion(first)?.asked.question.message ?? null;
  const guards = Object.hasOwn(stepOf(plan, step)?.args ?? {}, 'guards');
  const at = { step, item, question, guards, since: startedAt.toISOString() };
  return { ...at, status: first.status === 'unknown' ? 'unknown' : 'waiting' };
}

const isAsking = ({ status, wakeAt, error }: ViewedAttempt): boolean =>
  (status === 'waiting' && wakeAt === null) || (status === 'unknown' && error?.code === 'ASKED');
