import { OpsroomError } from '#kit/errors.js';
import type { Answer, LanguageModel, Prompt, Question } from './model.js';

/** A model that says what it was told to say, in turn; the last answer is repeated. What it was asked is kept. */
export interface ScriptedModel extends LanguageModel {
  readonly asked: readonly Prompt[];
}

/** @param answers texts, as a model would send them: JSON, or what is none */
export function scriptedModel(answers: readonly string[], name = 'scripted'): ScriptedModel {
  const asked: Prompt[] = [];
  return {
    provider: 'scripted',
    model: name,
    asked,
    ask: async <T>({ prompt, schema }: Question<T>): Promise<Answer<T>> => {
      const text = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(prompt);
      if (text === undefined) throw new OpsroomError('MODEL_FAILED', { what: 'The script has no answer.' });
      const parsed = schema.safeParse(parsedOr(text));
      const counts = { inputTokens: wordsOf(prompt.system + prompt.user), outputTokens: wordsOf(text) };
      return { value: parsed.success ? parsed.data : undefined, text, ...counts };
    },
  };
}

const wordsOf = (text: string): number => text.split(/\s+/).length;

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
