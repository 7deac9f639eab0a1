import { createHash } from 'node:crypto';
import { z } from 'zod';

const count = z.number().min(0).catch(0).default(0);
const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
});
const lineSchema = z.looseObject({
  type: z.string(),
  total_cost_usd: z.number().min(0).optional().catch(undefined),
  usage: usageSchema.optional().catch(undefined),
  result: z.string().optional().catch(undefined),
  is_error: z.boolean().optional().catch(undefined),
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
type Line = z.output<typeof lineSchema>;
type Counts = z.output<typeof usageSchema>;

export interface Usage {
  /** All that was read and written, from caches too. */
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when the agent does not say. */
  readonly costUsd: number | null;
}

export interface Budget {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
}

const LONGEST_LINE = 4 * 1024 * 1024;
const MOST_COMMANDS = 200;
const LONGEST_COMMAND = 500;
const MOST_TEXT = 4000;
/** Messages that are told apart; whatever comes after them is added as it comes. */
const MOST_MESSAGES = 10_000;
const NOTHING: Counts = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/**
 * What an agent says of itself while it works: JSON lines in the forms of Claude Code, Codex and Cursor. Anything else is passed
 * over. It is the agent's own word, kept as such.
 */
export class AgentReport {
  #rest = '';
  readonly #decoder = new TextDecoder();
  /** What each message said that it used, by the digest of its id: an id may be as long as a line. */
  readonly #messages = new Map<string, Counts>();
  #sum: Counts | undefined;
  #turns = 0;
  #total: Counts | undefined;
  #costUsd: number | null = null;
  readonly commands: string[] = [];
  said = '';
  /** The agent says itself that it failed. */
  failed = false;

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    const rest = lines.pop() ?? '';
    // A line without end must not fill the memory; cut, it is no JSON and is passed over.
    this.#rest = rest.length > LONGEST_LINE ? '' : rest;
    for (const line of lines) this.#line(line);
  }

  /** The last line may have no end. */
  close(): void {
    this.#line(this.#rest);
    this.#rest = '';
  }

  /** Undefined when the agent does not say. */
  usage(): Usage | undefined {
    const used = this.#total ?? this.#sum;
    if (used === undefined) return undefined;
    const inputTokens = used.input_tokens + used.cache_creation_input_tokens + used.cache_read_input_tokens;
    const outputTokens = used.output_tokens;
    return { tokens: inputTokens + outputTokens, inputTokens, outputTokens, costUsd: this.#costUsd };
  }

  /** Why the agent has used too much; undefined when it has not, or does not say. */
  exceeded({ usd, tokens }: Budget): string | undefined {
    const used = this.usage();
    if (used === undefined) return undefined;
    if (tokens !== undefined && used.tokens > tokens) return `${used.tokens} tokens, of ${tokens} allowed`;
    if (usd !== undefined && used.costUsd !== null && used.costUsd > usd)
      return `${used.costUsd} USD, of ${usd} allowed`;
    return undefined;
  }

  #line(text: string): void {
    if (!text.trimStart().startsWith('{')) return;
    const line = lineSchema.safeParse(parsed(text)).data;
    if (line === undefined) return;
    this.#count(line);
    for (const command of commandsOf(line))
      if (this.commands.length < MOST_COMMANDS) this.commands.push(cut(command, LONGEST_COMMAND));
    const words = wordsOf(line);
    if (words !== undefined) this.said = cut(words, MOST_TEXT);
    if (line.is_error === true || line.type === 'turn.failed') this.failed = true;
  }

  #count({ type, message, usage, total_cost_usd }: Line): void {
    if (type === 'assistant' && message?.usage) this.#add(message.id ?? `turn ${this.#turns}`, message.usage);
    if (type === 'turn.completed' && usage) this.#add(`turn ${this.#turns++}`, usage);
    if (type === 'result' && usage) this.#total = usage;
    if (total_cost_usd !== undefined) this.#costUsd = total_cost_usd;
  }

  /** The parts of one message repeat its usage: only what it has grown by counts. */
  #add(id: string, usage: Counts): void {
    const key = createHash('sha256').update(id).digest('base64');
    const before = this.#messages.get(key) ?? NOTHING;
    const sum = this.#sum ?? NOTHING;
    this.#sum = countsOf((name) => sum[name] + Math.max(usage[name] - before[name], 0));
    if (this.#messages.has(key) || this.#messages.size < MOST_MESSAGES)
      this.#messages.set(
        key,
        countsOf((name) => Math.max(usage[name], before[name])),
      );
  }
}

const countsOf = (count: (name: keyof Counts) => number): Counts => ({
  input_tokens: count('input_tokens'),
  output_tokens: count('output_tokens'),
  cache_creation_input_tokens: count('cache_creation_input_tokens'),
  cache_read_input_tokens: count('cache_read_input_tokens'),
});

/** A copy: a slice would keep the whole text that it is of. */
const cut = (text: string, most: number): string => Buffer.from(text.slice(0, most)).toString();

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const bashSchema = z.object({
  type: z.literal('tool_use'),
  name: z.string(),
  input: z.looseObject({ command: z.string() }),
});
const executionSchema = z.object({ type: z.literal('command_execution'), command: z.string() });
const shellCallSchema = z.object({ shellToolCall: z.object({ args: z.object({ command: z.string() }) }) });

function commandsOf({ type, message, item, tool_call, ...line }: Line): string[] {
  if (type === 'assistant')
    return (message?.content ?? []).flatMap((part) => bashSchema.safeParse(part).data?.input.command ?? []);
  if (type === 'item.completed') return asList(executionSchema.safeParse(item).data?.command);
  if (type === 'tool_call' && line['subtype'] === 'started')
    return asList(shellCallSchema.safeParse(tool_call).data?.shellToolCall.args.command);
  return [];
}

const asList = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

function wordsOf({ type, result, item }: Line): string | undefined {
  if (type === 'result') return result;
  const text = item?.type === 'agent_message' ? item['text'] : undefined;
  return typeof text === 'string' ? text : undefined;
}
