import type { JSONRPCMessage, JSONRPCRequest, Transport } from '@modelcontextprotocol/server';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';

/** What a bridge works with. */
export interface BridgeParts {
  /** The client of this process. */
  readonly near: Transport;
  /** A connection to the room as it is to be found now. @throws OpsroomError */
  readonly open: () => Promise<Transport>;
  /** Progress for whoever looks into the client's log. */
  readonly note: (text: string) => void;
}

/** JSON-RPC's word for what went wrong on this side. */
const INTERNAL = -32_603;
const AGAIN_MS = 250;
/** A room that stops lets its steps finish; a key that was refused is not guessed with. */
const TRIES = { nobody: 200, key: 1 } as const;

/**
 * Passes messages between a client on stdin and stdout and the room over HTTP, each as it is. A room that was started anew in
 * between is found again; what was under way then is answered with the reason.
 *
 * @returns resolves when the client has gone
 */
export function bridge(parts: BridgeParts): Promise<void> {
  return new Bridge(parts).run();
}

class Bridge {
  private readonly asked = new Map<string, AbortController>();
  /** Of the protocol, once a handshake has agreed on it. */
  private version: string | undefined;
  private far: Promise<Transport> | undefined;

  constructor(private readonly parts: BridgeParts) {}

  async run(): Promise<void> {
    const { near, note } = this.parts;
    const gone = new Promise<void>((resolve) => {
      Object.assign(near, { onclose: resolve });
    });
    const handlers: Handlers = {
      onerror: ({ message }) => note(message),
      onmessage: (message) => this.pass(message),
    };
    Object.assign(near, handlers);
    await near.start();
    await gone;
    for (const stop of this.asked.values()) stop.abort();
    await this.far?.then((transport) => transport.close()).catch(() => undefined);
  }

  private pass(message: JSONRPCMessage): void {
    if (!('method' in message)) return; // the room asks a client nothing
    const stop = new AbortController();
    const id = 'id' in message ? JSON.stringify(message.id) : undefined;
    if (id !== undefined) this.asked.set(id, stop);
    else takeBack(message.params, this.asked);
    this.send(message, stop.signal).catch((error: unknown) => {
      if (id === undefined || !('id' in message)) return this.parts.note(wordsOf(error));
      this.asked.delete(id);
      if (!stop.signal.aborted) this.answer(failure(message, error));
    });
  }

  /** Sends it to the room as it is to be found. What nobody has heard is sent again, while a room is stopped and another one starts. */
  private async send(message: JSONRPCMessage, requestSignal: AbortSignal): Promise<void> {
    for (let tried = 1; ; tried++) {
      const far = (this.far ??= this.connect());
      try {
        return await (await far).send(message, { requestSignal });
      } catch (error) {
        const unheard = whyUnheard(error);
        if (requestSignal.aborted || unheard === undefined || tried > TRIES[unheard]) throw error;
        if (this.far === far) this.far = undefined;
        await far.then((transport) => transport.close()).catch(() => undefined);
        await sleep(AGAIN_MS);
      }
    }
  }

  private async connect(): Promise<Transport> {
    const transport = await this.parts.open();
    const handlers: Handlers = {
      onerror: ({ message }) => this.parts.note(message),
      onmessage: (message) => {
        this.version = negotiated(message) ?? this.version;
        if (this.version !== undefined) transport.setProtocolVersion?.(this.version);
        if ('id' in message) this.asked.delete(JSON.stringify(message.id));
        this.answer(message);
      },
    };
    Object.assign(transport, handlers);
    if (this.version !== undefined) transport.setProtocolVersion?.(this.version);
    await transport.start();
    return transport;
  }

  private answer(message: JSONRPCMessage): void {
    this.parts.near.send(message).catch(() => undefined); // it has gone, which `onclose` tells
  }
}

/** Transports have one of each. */
type Handlers = Required<Pick<Transport, 'onerror' | 'onmessage'>>;

/** A request that the client takes back ends here as well: in the stateless version that is how the room hears of it. */
function takeBack(params: unknown, asked: ReadonlyMap<string, AbortController>): void {
  const { requestId } = (params ?? {}) as { readonly requestId?: unknown };
  if (requestId !== undefined) asked.get(JSON.stringify(requestId))?.abort();
}

/** The version that a handshake has agreed on. */
function negotiated(message: JSONRPCMessage): string | undefined {
  if (!('result' in message)) return undefined;
  const { protocolVersion } = message.result as { readonly protocolVersion?: unknown };
  return typeof protocolVersion === 'string' ? protocolVersion : undefined;
}

/** Why nobody has heard what was sent: no one listens there any more, or one who does not know this key, as each start makes another. */
export function whyUnheard(error: unknown): 'nobody' | 'key' | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, status } = at as { readonly code?: unknown; readonly status?: unknown };
    if (code === 'ECONNREFUSED') return 'nobody';
    if (status === 401) return 'key';
  }
  return undefined;
}

const failure = ({ id }: JSONRPCRequest, error: unknown): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  error: { code: INTERNAL, message: wordsOf(error) },
});

/** What a refusal of the room says, where it has said something. */
function wordsOf(error: unknown): string {
  if (error instanceof OpsroomError) return `${error.code}: ${error.message} ${error.mend}`;
  const { message, data } = error as { readonly message?: string; readonly data?: { readonly text?: unknown } };
  const problem = problemIn(data?.text ?? message);
  return problem ?? (error instanceof Error ? error.message : String(error));
}

function problemIn(text: unknown): string | undefined {
  const [json] = /\{.*\}$/s.exec(typeof text === 'string' ? text : '') ?? [];
  if (json === undefined) return undefined;
  try {
    const { code, what, mend } = JSON.parse(json) as { code?: unknown; what?: unknown; mend?: unknown };
    return typeof code === 'string' ? `${code}: ${String(what)} ${String(mend)}` : undefined;
  } catch {
    return undefined;
  }
}
