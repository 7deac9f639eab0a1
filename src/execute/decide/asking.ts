import type { Answered, Asked } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Answer } from '#ir/question.js';
import { OpsroomError } from '#kit/errors.js';
import type { AttemptRow, Fault } from '../records.js';

/** A call that is over because its tool asked something, until somebody answers. */
export interface OpenQuestion {
  readonly asked: Asked;
  readonly startedAt: Date;
  readonly isolation: string;
  readonly logDigest: string | null;
}

/** Marks the attempts that ended with a question. */
const ASKS = 'INPUT_NEEDED';

/** Whether the tool was called, and asked: it may have done something by then. */
export const hasAsked = ({ error, output }: Pick<AttemptRow, 'error' | 'output'>): boolean =>
  error?.code === ASKS && isAsked(output);

/** What a row of the ledger still asks. */
export function openQuestion(
  row: Pick<AttemptRow, 'status' | 'error' | 'output' | 'startedAt' | 'isolation' | 'logDigest'>,
): OpenQuestion | undefined {
  const { status, output, startedAt, isolation, logDigest } = row;
  if (status !== 'waiting' || !hasAsked(row)) return undefined;
  const asked = output as unknown as Asked;
  return { asked, startedAt, isolation: isolation ?? 'none', logDigest: logDigest ?? null };
}

/** Of what one attempt asks: the same words are another question when they are asked again. */
export const questionDigest = ({ question }: Pick<Asked, 'question'>, attempt: number): string =>
  jsonDigest({ attempt, question });

/** What somebody has answered to an attempt. */
export function answerIn(row: AttemptRow): Answered | undefined {
  const { output } = row;
  return hasAsked(row) && isAsked(output) && 'answer' in output ? (output as unknown as Answered) : undefined;
}

/** Whether nothing but a person's word has a unit run again after this attempt: it then asks anew whatever was answered before. */
export const isGivenUp = (row: Pick<AttemptRow, 'status' | 'error' | 'wakeAt'>): boolean =>
  row.status === 'cancelled' ||
  (row.status === 'failed' && row.wakeAt === null) ||
  (row.status === 'unknown' && row.error?.code === 'ASKED');

/** A question, and the answer once there is one, as the output of its attempt. */
export const asOutput = ({ question, resume }: Asked, answer?: Answer): JsonObject => ({
  question,
  ...(resume === undefined ? {} : { resume }),
  ...(answer === undefined ? {} : { answer: answer as unknown as JsonObject }),
});

/** Why the attempt is over: what it asks, and what became of that. */
export function askFault({ question }: Asked, then = ''): Fault {
  const what = `The tool asked in the middle of the call: ${question.message}${then === '' ? '' : ` ${then}`}`;
  return new OpsroomError(ASKS, { what }).toJSON();
}

const isAsked = (output: JsonValue): output is JsonObject =>
  typeof output === 'object' && output !== null && !Array.isArray(output) && typeof output['question'] === 'object';
