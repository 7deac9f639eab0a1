import type {
  CallToolResult,
  Client,
  ElicitResult,
  InputRequiredResult,
  PriorDiscovery,
  Progress,
  StreamableHTTPClientTransport,
  Transport,
} from '@modelcontextprotocol/client';
import type { JsonObject } from '#ir/json.js';
import type { McpConnection, McpToolDefinition } from '#ir/mcp.js';
import { LONGEST_TIMER_MS } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason } from '#sandbox/deadline.js';
import { type StreamFetch, streamFetch } from '#sandbox/stream-fetch.js';
import { within } from '#sandbox/within.js';
import { connectionFailure } from './failure.js';
import type { Interview } from './interview.js';
import { Meter } from './meter.js';
import type { Bearer } from './ports.js';
import { type StdioLaunch, StdioTransport } from './stdio-transport.js';

/** How one server is reached, with its secrets in place. */
export type McpReach =
  | { readonly kind: 'stdio'; readonly launch: StdioLaunch }
  | {
      readonly kind: 'remote';
      readonly connection: Exclude<McpConnection, { transport: 'stdio' }>;
      readonly allowAddresses: readonly string[];
      readonly bearer?: Bearer | undefined;
    };

/** What a server is told by, and tells, while a call is under way. */
export interface CallHooks {
  progress(progress: Progress): void;
  /** Whatever the server says beside the protocol. */
  log(chunk: Uint8Array): void;
  /** Answers what the server asks of a person; without it nobody is there to be asked. */
  readonly interview?: Interview;
}

export interface OpenOptions {
  readonly reach: McpReach;
  readonly version: string;
  /** The server is known to speak versions before 2026-07-28 only: no need to ask. */
  readonly legacy: boolean;
  readonly signal: AbortSignal;
  /** The server says that its tools have changed. */
  listChanged(): void;
}

/** What a server says of itself. */
export interface ServerFacts {
  /** `modern`: 2026-07-28 or later. */
  readonly era: 'modern' | 'legacy';
  readonly protocol: string;
  /** Its own name and version; empty where it says none. */
  readonly server: string;
}

/** A server that does not answer within so long when it is first spoken to is not there, or of an older version. */
const PROBE_MS = 4000;
const CLOSE_MS = 5000;
const SILENT: CallHooks = { progress: () => undefined, log: () => undefined };
const NOBODY: ElicitResult = { action: 'cancel' };

/** A connection to one server, for one call at a time. */
export class McpLink {
  private hooks: CallHooks = SILENT;
  private readonly meter = new Meter();
  private closing: Promise<void> | undefined;
  private readonly left = new AbortController();
  private client: Client | undefined;
  private transport: Transport | undefined;
  private wire: StreamFetch | undefined;
  /** What the server said last beside the protocol, for messages. */
  private lastWords = '';
  isOpen = true;

  private constructor(private readonly options: OpenOptions) {}

  /** @throws OpsroomError MCP_FAILED, UNREACHABLE, ADDRESS_REFUSED, ISOLATION_UNAVAILABLE; what the signal aborts with */
  static async open(options: OpenOptions, hooks: CallHooks = SILENT): Promise<McpLink> {
    const first = new McpLink(options);
    first.hooks = hooks;
    try {
      await first.connect(options.legacy);
      return first;
    } catch (error) {
      await first.close();
      // A server of before 2026-07-28 may end at a question that it does not know. It is asked no second time.
      if (options.legacy || options.reach.kind !== 'stdio' || !endedAtProbe(error)) throw first.failure(error);
    }
    const second = new McpLink({ ...options, legacy: true });
    second.hooks = hooks;
    try {
      await second.connect(true);
      return second;
    } catch (error) {
      await second.close();
      throw second.failure(error);
    }
  }

  get facts(): ServerFacts {
    const { client } = this;
    const { name = '', version = '' } = client?.getServerVersion() ?? {};
    return {
      era: client?.getProtocolEra() ?? 'legacy',
      protocol: client?.getNegotiatedProtocolVersion() ?? '',
      server: `${name} ${version}`.trim().slice(0, 200),
    };
  }

  /** All tools that the server lists, as it lists them. @throws as `open` */
  async list(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>[]> {
    this.meter.reset();
    try {
      const client = this.open();
      // Asked nevertheless, the library would say so on stdout.
      if (client.getServerCapabilities()?.tools === undefined) return [];
      const { tools } = await this.racing(signal, (inner) =>
        client.listTools(undefined, { signal: inner, timeout: LONGEST_TIMER_MS, cacheMode: 'refresh' }),
      );
      return tools;
    } catch (error) {
      throw this.failure(error);
    }
  }

  /**
   * Calls one tool. A call that does not end as it should closes the connection: nobody knows what the server still does.
   * @throws as `open`; OpsroomError MCP_FAILED for what the protocol calls an error
   */
  async call(
    { name, inputSchema }: Pick<McpToolDefinition, 'name' | 'inputSchema'>,
    args: JsonObject,
    { signal, hooks }: { readonly signal: AbortSignal; readonly hooks: CallHooks },
  ): Promise<CallToolResult> {
    this.meter.reset();
    this.hooks = hooks;
    try {
      const client = this.open();
      return await this.racing(signal, (inner) =>
        this.rounds(hooks.interview, (more) =>
          client.callTool(
            { name, arguments: args, ...more },
            {
              signal: inner,
              timeout: LONGEST_TIMER_MS,
              onprogress: (progress) => this.hooks.progress(progress),
              // Without its schema of answers: those are checked here, by patterns that cannot hang.
              toolDefinition: { name, inputSchema: inputSchema as { type: 'object' } },
              allowInputRequired: true,
            },
          ),
        ),
      );
    } catch (error) {
      for (const page of pagesWanted(error)) hooks.interview?.reply(page);
      if (!isAnswer(error) && !isQuestion(error)) void this.close();
      throw this.failure(error);
    } finally {
      this.hooks = SILENT;
    }
  }

  /** Goes on from where the server asked last, if it takes that, or from the beginning; each time it asks, with what was answered. */
  private async rounds(interview: Interview | undefined, call: (more: object) => Promise<unknown>) {
    let result: unknown = interview?.resume;
    const isResumed = result !== undefined;
    result ??= await call({});
    for (let round = 1; isInputRequired(result); round += 1) {
      const next = round > MOST_ROUNDS ? undefined : interview?.round(result);
      if (!next) throw new OpsroomError('INPUT_NEEDED');
      // What it gave to go on from may hold for minutes only.
      const isStale = (error: unknown) => isResumed && round === 1 && isAnswer(error);
      result = await call(next).catch((error: unknown) => {
        if (!isStale(error)) throw error;
        interview?.restart();
        return call({});
      });
    }
    return result as CallToolResult;
  }

  /** Resolves when nothing of a server that is a program runs any more. */
  close(): Promise<void> {
    this.isOpen = false;
    this.left.abort();
    // Not at once: a transport that closes says so while it is being closed, and comes here again.
    this.closing ??= Promise.resolve().then(() => this.end());
    return this.closing;
  }

  private open(): Client {
    if (this.client && this.isOpen) return this.client;
    throw new OpsroomError('MCP_FAILED', { what: 'The MCP server has ended.' });
  }

  private async end(): Promise<void> {
    const { transport } = this;
    if (isRemote(transport))
      await within(
        transport.terminateSession().catch(() => undefined),
        1000,
      );
    await within(transport?.close().catch(() => undefined) ?? Promise.resolve(), CLOSE_MS);
    await this.wire?.close();
  }

  private async connect(legacy: boolean): Promise<void> {
    const library = await import('@modelcontextprotocol/client');
    const prior: { prior?: PriorDiscovery } = legacy || this.isOldSse() ? { prior: { kind: 'legacy' } } : {};
    const client = new library.Client(
      { name: 'opsroom', version: this.options.version },
      {
        capabilities: { elicitation: { form: {}, url: {} } },
        versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBE_MS } },
        listChanged: { tools: { autoRefresh: false, onChanged: () => this.options.listChanged() } },
      },
    );
    this.client = client;
    // The library has no addEventListener.
    Object.assign(client, { onerror: () => this.oddity(), onclose: () => void this.close() });
    client.setRequestHandler('elicitation/create', ({ params }) => {
      return this.hooks.interview?.reply(params) ?? NOBODY;
    });
    client.setNotificationHandler('notifications/message', ({ params }) => {
      this.hooks.log(Buffer.from(`${params.level}: ${wordsOf(params.data)}\n`));
    });
    const transport = this.transportOf(library);
    this.transport = transport;
    await this.racing(this.options.signal, (signal) =>
      client.connect(transport, { signal, timeout: LONGEST_TIMER_MS, ...prior }),
    );
  }

  private isOldSse(): boolean {
    return this.options.reach.kind === 'remote' && this.options.reach.connection.transport === 'sse';
  }

  private transportOf(library: typeof import('@modelcontextprotocol/client')): Transport {
    const { reach } = this.options;
    if (reach.kind === 'stdio') {
      return new StdioTransport({
        launch: reach.launch,
        meter: this.meter,
        decode: (line) => library.parseJSONRPCMessage(JSON.parse(line)),
        log: (chunk) => this.said(chunk),
      });
    }
    const { url, headers, transport } = reach.connection;
    const wire = streamFetch(reach.allowAddresses, (bytes) => this.meter.count(bytes));
    this.wire = wire;
    const { bearer } = reach;
    const { signal } = this.left;
    const authProvider = bearer && { token: () => bearer.token(signal), onUnauthorized: () => bearer.renew(signal) };
    const options = {
      fetch: wire.fetch.bind(wire),
      requestInit: { headers },
      ...(authProvider ? { authProvider } : {}),
    };
    const at = new URL(url);
    return transport === 'sse'
      ? new library.SSEClientTransport(at, options)
      : new library.StreamableHTTPClientTransport(at, options);
  }

  /** The library does not heed a signal in every place, and a server need not answer at all. */
  private async racing<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(abortReason(signal));
    });
    signal.addEventListener('abort', abort);
    const working = work(signal);
    working.catch(() => undefined);
    try {
      return await Promise.race([working, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** What the library cannot understand: an answer to nothing, a message of no kind. */
  private oddity(): void {
    try {
      this.meter.strange();
    } catch {
      void this.close();
    }
  }

  private said(chunk: Uint8Array): void {
    this.lastWords = `${this.lastWords}${Buffer.from(chunk).toString('utf8')}`.slice(-500);
    this.hooks.log(chunk);
  }

  private failure(error: unknown): OpsroomError {
    const own = this.transport instanceof StdioTransport ? this.transport.failure : undefined;
    return connectionFailure(error, { own, lastWords: this.lastWords });
  }
}
/** A server that asks without end. */
const MOST_ROUNDS = 10;

const isRemote = (transport: Transport | undefined): transport is StreamableHTTPClientTransport =>
  transport !== undefined && 'terminateSession' in transport;

function isInputRequired(result: unknown): result is InputRequiredResult {
  return (
    typeof result === 'object' && result !== null && 'resultType' in result && result.resultType === 'input_required'
  );
}

/** The server answered, with an error: it can be asked again. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ProtocolError';
}

/** It asked, and nothing is under way until it is called again. */
const isQuestion = (error: unknown): boolean => error instanceof OpsroomError && error.code === 'INPUT_NEEDED';

const PAGE_WANTED = -32_042;

/** Pages that somebody is to visit before the call is made again. */
function pagesWanted(error: unknown): unknown[] {
  if (!isAnswer(error)) return [];
  const { code, data } = error as { code?: unknown; data?: { elicitations?: unknown } };
  return code === PAGE_WANTED && Array.isArray(data?.elicitations) ? data.elicitations.slice(0, 1) : [];
}

function endedAtProbe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERA_NEGOTIATION_FAILED';
}

function wordsOf(data: unknown): string {
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
  return text.slice(0, 4000);
}
