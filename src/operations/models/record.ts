import { sha256 } from '#ir/digest.js';
import { uuidv7 } from '#kit/ids.js';
import type { Answer, LanguageModel, Prompt } from '#models/model.js';
import { costOf, PRICES_AS_OF } from '#models/prices.js';
import type { Room } from '../room.js';
import { insertCall } from './store.js';

/** A call of a model as whoever asked it noted it. */
export interface Called {
  readonly prompt: Prompt;
  readonly answer: Answer<unknown>;
  readonly ms: number;
}

/** Of the calls of one piece of work, the last may have been used; `planDigest`: of the plan that came of it. */
export async function recordCalls(
  tx: Parameters<typeof insertCall>[0],
  room: Pick<Room, 'org' | 'by' | 'ports'>,
  of: { calls: readonly Called[]; model: LanguageModel; used: boolean; planDigest: string | null },
): Promise<void> {
  const { calls, model, used, planDigest } = of;
  for (const [at, { prompt, answer, ms }] of calls.entries()) {
    const { inputTokens, outputTokens } = answer;
    await insertCall(tx, room.org, {
      id: uuidv7(room.ports.clock.now().getTime()),
      by: room.by,
      provider: model.provider,
      model: model.model,
      prompt: prompt.name,
      promptVersion: prompt.version,
      promptDigest: sha256(`${prompt.system}\n\n${prompt.user}`),
      inputTokens,
      outputTokens,
      cost: costOf(model.model, inputTokens, outputTokens),
      pricesAsOf: PRICES_AS_OF,
      ms: Math.round(ms),
      outcome: used && at === calls.length - 1 ? 'used' : 'refused',
      planDigest,
    });
  }
}
