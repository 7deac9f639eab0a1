import { createHash } from 'node:crypto';
import {
  type Counts,
  commandsOf,
  costOf,
  countsOf,
  deniedOf,
  hasFailed,
  type Line,
  readLine,
  type Said,
  totalOf,
  wordsOf,
} from './line.js';

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
  /** What each message said that it used, by the digest of its id. */
  readonly #messages = new Map<string, Counts>();
  #sum: Counts | undefined;
  #turns = 0;
  #total: Counts | undefined;
  #costUsd: number | null = null;
  readonly #commands: Said[] = [];
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

  /** What it ran, in order; what it was not allowed to run is not among it. */
  get commands(): string[] {
    return this.#commands.map(({ command }) => command);
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
    const line = readLine(text);
    if (line === undefined) return;
    this.#count(line);
    this.#note(line);
    const words = wordsOf(line);
    if (words !== undefined) this.said = cut(words, MOST_TEXT);
    if (hasFailed(line)) this.failed = true;
  }

  #note(line: Line): void {
    for (const { id, command } of commandsOf(line))
      if (this.#commands.length < MOST_COMMANDS)
        this.#commands.push({
          id: id === undefined ? undefined : digestOf(id),
          command: cut(command, LONGEST_COMMAND),
        });
    const denied = deniedOf(line);
    const at = denied === undefined ? -1 : this.#commands.findIndex(({ id }) => id === digestOf(denied));
    if (at >= 0) this.#commands.splice(at, 1);
  }

  #count(line: Line): void {
    const { type, message, usage } = line;
    if (type === 'assistant' && message?.usage) this.#add(message.id ?? `turn ${this.#turns}`, message.usage);
    if (type === 'turn.completed' && usage) this.#add(`turn ${this.#turns++}`, usage);
    this.#total = totalOf(line) ?? this.#total;
    const cost = costOf(line);
    if (cost !== undefined) this.#costUsd = cost;
  }

  /** The parts of one message repeat its usage: only what it has grown by counts. */
  #add(id: string, usage: Counts): void {
    const key = digestOf(id);
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

/** An id may be as long as a line. */
const digestOf = (id: string): string => createHash('sha256').update(id).digest('base64');

/** A copy: a slice would keep the whole text that it is of. */
const cut = (text: string, most: number): string => Buffer.from(text.slice(0, most)).toString();
