import type { LanguageModel as SdkModel } from 'ai';
import { OpsroomError } from '#kit/errors.js';
import { type Answer, type LanguageModel, MOST_TOKENS, type Question, Unanswered } from './model.js';
import { type Watched, watched } from './sent.js';
import type { ModelSettings } from './settings.js';

export interface ProviderPorts {
  /** Every request goes through it: it decides which addresses may be reached. */
  readonly fetch: typeof globalThis.fetch;
  /** Undefined: there is none, and the server is asked without. */
  readonly key: string | undefined;
}

/** A model of one of the three providers. Its library is loaded with the first question. */
export function providedModel(settings: ModelSettings, ports: ProviderPorts): LanguageModel {
  return {
    provider: settings.provider,
    model: settings.model,
    price: settings.price,
    ask: async (question) => {
      const watch = watched(ports.fetch);
      try {
        return await generate(await sdkModel(settings, { ...ports, fetch: watch.fetch }), question);
      } catch (error) {
        throw failed(settings, error, ports.key, watch);
      }
    },
  };
}

async function sdkModel({ provider, model, baseUrl }: ModelSettings, { fetch, key }: ProviderPorts): Promise<SdkModel> {
  const at = baseUrl === undefined ? {} : { baseURL: baseUrl };
  if (provider === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai');
    // `.chat`: servers in between often know nothing newer.
    return createOpenAI({ ...at, fetch, apiKey: key ?? '' }).chat(model);
  }
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ ...at, fetch, apiKey: key ?? '' })(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const keyed = key === undefined ? {} : { apiKey: key };
  const compatible = { name: 'compatible', baseURL: baseUrl ?? '', fetch, supportsStructuredOutputs: true, ...keyed };
  return createOpenAICompatible(compatible)(model);
}

async function generate<T>(model: SdkModel, { prompt, schema, schemaName, signal }: Question<T>): Promise<Answer<T>> {
  const { generateObject, NoObjectGeneratedError } = await import('ai');
  const { system, user } = prompt;
  try {
    const { object, usage } = await generateObject({
      model,
      schema,
      schemaName,
      system,
      prompt: user,
      abortSignal: signal,
      // It would ask again unseen: nobody could tell what that cost.
      maxRetries: 0,
      maxOutputTokens: MOST_TOKENS,
    });
    return { value: object as T, text: JSON.stringify(object), ...tokens(usage) };
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) throw error;
    return { value: undefined, text: error.text ?? '', ...tokens(error.usage) };
  }
}

function tokens(usage: { inputTokens?: number | undefined; outputTokens?: number | undefined } | undefined) {
  return { inputTokens: usage?.inputTokens ?? null, outputTokens: usage?.outputTokens ?? null };
}

/** What a provider says of itself may hold the key that it was sent. */
function failed(
  { provider, model }: ModelSettings,
  error: unknown,
  key: string | undefined,
  { reached, againAfterMs }: Watched,
): OpsroomError {
  const told = error instanceof Error ? error.message : String(error);
  const text = key === undefined || key === '' ? told : told.replaceAll(key, '‹key›');
  return new OpsroomError('MODEL_FAILED', {
    what: `The model gave no answer: ${text.slice(0, 300)}`,
    where: `${provider}:${model}`,
    cause: new Unanswered(reached(), againAfterMs()),
  });
}
