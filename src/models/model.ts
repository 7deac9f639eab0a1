import type { z } from 'zod';
import type { Price } from './prices.js';

/** A prompt is known by its name and version; `digest` of what was sent is recorded beside them. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  /** What the model is told to do. Nothing of a stranger stands here. */
  readonly system: string;
  /** What it is about: goals, documents, errors. Data, which a model may nevertheless obey. */
  readonly user: string;
}

export interface Question<T> {
  readonly prompt: Prompt;
  /** What the answer must be. */
  readonly schema: z.ZodType<T>;
  readonly schemaName: string;
  readonly signal: AbortSignal;
}

export interface Answer<T> {
  /** Undefined: the answer was no JSON of the schema. */
  readonly value: T | undefined;
  /** What it said, as it said it. */
  readonly text: string;
  /** Null: the provider does not tell. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** Of an answer. */
export const MOST_TOKENS = 16_384;

/** The cause of a MODEL_FAILED whose question went out. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  /**
   * @param mayBePaid the answer was lost, or is none: nobody says whether it is paid for, and how much
   * @param againAfterMs when the same may be asked again; undefined: not by itself
   */
  constructor(
    readonly mayBePaid: boolean,
    readonly againAfterMs: number | undefined,
  ) {
    super();
  }
}

/** The language-model port: whoever needs a model is given one, and knows no provider. */
export interface LanguageModel {
  readonly provider: 'openai' | 'anthropic' | 'compatible' | 'scripted';
  readonly model: string;
  /** What its owner says that it costs; undefined: the maker's list price. */
  readonly price?: Price | undefined;
  /** Asks once. @throws OpsroomError MODEL_FAILED when no answer came; its cause is an `Unanswered` where the question went out */
  ask<T>(question: Question<T>): Promise<Answer<T>>;
}
