import { z } from 'zod';

const count = z.number().min(0).catch(0).default(0);
const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
});
export type Counts = z.output<typeof usageSchema>;

/** What one model was used for; of Claude Code. */
const modelSchema = z
  .object({
    inputTokens: count,
    outputTokens: count,
    cacheCreationInputTokens: count,
    cacheReadInputTokens: count,
    /** `list`, or `unknown` where it made the price up. */
    costBasis: z.string().optional().catch(undefined),
  })
  .transform(({ costBasis, ...used }) => ({
    costBasis,
    used: {
      input_tokens: used.inputTokens,
      output_tokens: used.outputTokens,
      cache_creation_input_tokens: used.cacheCreationInputTokens,
      cache_read_input_tokens: used.cacheReadInputTokens,
    } satisfies Counts,
  }));

const lineSchema = z.looseObject({
  type: z.string(),
  subtype: z.string().optional().catch(undefined),
  total_cost_usd: z.number().min(0).optional().catch(undefined),
  usage: usageSchema.optional().catch(undefined),
  modelUsage: z.record(z.string(), modelSchema).optional().catch(undefined),
  result: z.string().optional().catch(undefined),
  errors: z.array(z.string()).optional().catch(undefined),
  error: z.looseObject({ message: z.string() }).optional().catch(undefined),
  is_error: z.boolean().optional().catch(undefined),
  tool_use_id: z.string().optional().catch(undefined),
  message: z
    .looseObject({
      id: z.string().optional().catch(undefined),
      usage: usageSchema.optional().catch(undefined),
      content: z
        .array(z.looseObject({ type: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  item: z.looseObject({ type: z.string() }).optional().catch(undefined),
  tool_call: z.looseObject({}).optional().catch(undefined),
});
/** One line of what an agent prints, whatever it was of the forms that are known. */
export type Line = z.output<typeof lineSchema>;

/** Undefined for what is no JSON object with a type. */
export function readLine(text: string): Line | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export interface Said {
  /** By which the agent may say later that it was not allowed to run it. */
  readonly id?: string | undefined;
  readonly command: string;
}

const bashSchema = z.object({
  type: z.literal('tool_use'),
  id: z.string().optional().catch(undefined),
  name: z.string(),
  input: z.looseObject({ command: z.string() }),
});
const executionSchema = z.object({ type: z.literal('command_execution'), command: z.string() });
const shellCallSchema = z.object({ shellToolCall: z.object({ args: z.object({ command: z.string() }) }) });

/** The commands that the line tells of. */
export function commandsOf({ type, subtype, message, item, tool_call }: Line): Said[] {
  if (type === 'assistant')
    return (message?.content ?? []).flatMap((part) => {
      const { data } = bashSchema.safeParse(part);
      return data === undefined ? [] : [{ id: data.id, command: data.input.command }];
    });
  if (type === 'item.completed') return asList(executionSchema.safeParse(item).data?.command);
  if (type === 'tool_call' && subtype === 'started')
    return asList(shellCallSchema.safeParse(tool_call).data?.shellToolCall.args.command);
  return [];
}

const asList = (command: string | undefined): Said[] => (command === undefined ? [] : [{ command }]);

/** The id of a command that was asked for and not run: nobody was there to allow it. */
export const deniedOf = ({ type, subtype, tool_use_id }: Line): string | undefined =>
  type === 'system' && subtype === 'permission_denied' ? tool_use_id : undefined;

/** Its last words, or why it failed. */
export function wordsOf({ type, result, errors, error, item }: Line): string | undefined {
  if (type === 'result') return result ?? errors?.join('\n');
  if (type === 'turn.failed') return error?.message;
  const text = item?.type === 'agent_message' ? item['text'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** That the agent says itself that it failed. */
export const hasFailed = ({ type, is_error }: Line): boolean => is_error === true || type === 'turn.failed';

/**
 * What the whole work used, where the line says so. Of the models, not of the sum beside them: that leaves out the turn in which
 * a budget ended it, and what other agents did for it.
 */
export function totalOf({ type, usage, modelUsage }: Line): Counts | undefined {
  if (type !== 'result') return undefined;
  const models = Object.values(modelUsage ?? {});
  const sum = countsOf((name) => models.reduce((total, { used }) => total + used[name], 0));
  // Models without any count are of a version that names them otherwise.
  return Object.values(sum).some((counted) => counted > 0) ? sum : usage;
}

/** US dollars; null where it is guessed, undefined where the line says nothing of it. */
export function costOf({ total_cost_usd, modelUsage }: Line): number | null | undefined {
  const isGuess = Object.values(modelUsage ?? {}).some(({ costBasis }) => costBasis === 'unknown');
  return isGuess ? null : total_cost_usd;
}

export const countsOf = (counted: (name: keyof Counts) => number): Counts => ({
  input_tokens: counted('input_tokens'),
  output_tokens: counted('output_tokens'),
  cache_creation_input_tokens: counted('cache_creation_input_tokens'),
  cache_read_input_tokens: counted('cache_read_input_tokens'),
});
