import { sha256 } from '#ir/digest.js';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { type Answer, type LanguageModel, MOST_TOKENS, type Question, Unanswered } from '#models/model.js';
import { costOf, DEAREST, priceOf } from '#models/prices.js';
import type { Room } from '../room.js';
import { insertCall, type ModelCall, modelBudget, settleCalls } from './store.js';

/** A language model whose every call is kept, also one that fails, and held to what may be spent in a day. */
export interface MeteredModel extends LanguageModel {
  /** How many calls there were. */
  readonly calls: number;
  /** Of answers that were judged once more: the plan that came of the last; null: none did, so that none was of use. */
  settle(tx: Parameters<typeof settleCalls>[0], planDigest: string | null): Promise<void>;
}

/** The language model to ask for a piece of work; without one, why there is none. */
export async function meteredModel(
  room: Room,
): Promise<{ readonly model: MeteredModel; readonly why: null } | { readonly model: undefined; readonly why: string }> {
  const found = await room.models.find(room);
  return found.model === undefined
    ? { model: undefined, why: found.why }
    : { model: metered(room, found.model), why: null };
}

/** The same for a model that was found already. */
export function metered(room: Room, model: LanguageModel): MeteredModel {
  const ids: string[] = [];
  return {
    provider: model.provider,
    model: model.model,
    price: model.price,
    get calls() {
      return ids.length;
    },
    ask: async (question) => {
      await requireBudget(room);
      for (let tries = 1; ; tries += 1) {
        const { call, answer, error } = await timed(room, model, question);
        await room.database.engineTx((tx) => insertCall(tx, room.org, call));
        ids.push(call.id);
        if (answer !== undefined) return answer;
        const waitMs = tries < MOST_TRIES ? causeOf(error)?.againAfterMs : undefined;
        if (waitMs === undefined) throw error;
        await sleep(waitMs, question.signal);
        if (question.signal.aborted) throw error;
        // What is told is why there is no answer, and not that it may have cost the rest of the day's limit.
        await requireBudget(room).catch(() => Promise.reject(error));
      }
    },
    settle: (tx, planDigest) => settleCalls(tx, room.org, ids, planDigest),
  };
}

/** Of one question: what a provider cannot answer now is asked once more, under the same limit, and kept as a call of its own. */
const MOST_TRIES = 2;

const causeOf = (error: unknown): Unanswered | undefined =>
  error instanceof Error && error.cause instanceof Unanswered ? error.cause : undefined;

/** Asked before each call: one that is under way may still pass the limit. @throws OpsroomError MODEL_LIMIT */
async function requireBudget(room: Room): Promise<void> {
  const { limit, today } = await room.database.door(room.org, (tx) => modelBudget(tx, room.org, DEAREST));
  if (limit === null || today < limit) return;
  throw new OpsroomError('MODEL_LIMIT', {
    what: `Language models have cost $${today.toFixed(2)} today, of $${limit.toFixed(2)} that may be spent in a day.`,
    mend: `It begins anew at 00:00 UTC. An owner raises it: \`opsroom limits --model-usd ${Math.max(1, Math.ceil(limit * 2))}\`.`,
  });
}

interface Timed<T> {
  readonly call: Omit<ModelCall, 'at'>;
  /** Undefined: none came, and `error` says why. */
  readonly answer: Answer<T> | undefined;
  readonly error: unknown;
}

/** What a token has of text at least; counted high, for a limit. */
const BYTES_OF_TOKEN = 3;

/**
 * The most that a call without an answer may have taken: one that was ended while it ran, or whose answer was lost, is paid for all the
 * same, with what it may have said; one that was refused, or never came through, is not.
 */
function unanswered(
  { prompt, signal }: Question<unknown>,
  error: unknown,
): Pick<Answer<unknown>, 'inputTokens' | 'outputTokens'> {
  const isLost = signal.aborted || causeOf(error)?.mayBePaid === true;
  if (!isLost) return { inputTokens: null, outputTokens: null };
  const bytes = Buffer.byteLength(prompt.system) + Buffer.byteLength(prompt.user);
  return { inputTokens: Math.ceil(bytes / BYTES_OF_TOKEN), outputTokens: MOST_TOKENS };
}

async function timed<T>({ ports, by }: Room, model: LanguageModel, question: Question<T>): Promise<Timed<T>> {
  const { prompt } = question;
  const began = ports.clock.monotonicMs();
  const { answer, error } = await model.ask(question).then(
    (value): { answer: Answer<T> | undefined; error: unknown } => ({ answer: value, error: undefined }),
    (reason: unknown) => ({ answer: undefined, error: reason }),
  );
  const { inputTokens, outputTokens } = answer ?? unanswered(question, error);
  const priced = priceOf(model);
  return {
    answer,
    error,
    call: {
      id: uuidv7(ports.clock.now().getTime()),
      by,
      provider: model.provider,
      model: model.model,
      prompt: prompt.name,
      promptVersion: prompt.version,
      promptDigest: sha256(`${prompt.system}\n\n${prompt.user}`),
      inputTokens,
      outputTokens,
      cost: costOf(priced, inputTokens, outputTokens),
      pricesAsOf: priced?.asOf ?? '',
      ms: Math.round(ports.clock.monotonicMs() - began),
      outcome: answer === undefined ? 'failed' : answer.value === undefined ? 'refused' : 'used',
      planDigest: null,
    },
  };
}
