import type { Writable } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { OpsroomError } from '#kit/errors.js';
import { type ProcessEnd, type ProcessSpec, runProcess } from '#sandbox/process.js';
import { within } from '#sandbox/within.js';
import { Lines } from './lines.js';
import type { Meter } from './meter.js';

/** How the server is started: as a step of the shell tool is. */
export type StdioLaunch = Pick<ProcessSpec, 'argv' | 'cwd' | 'env' | 'isolation' | 'limits' | 'keeper'>;

export interface StdioOptions {
  readonly launch: StdioLaunch;
  readonly meter: Meter;
  /** A line of the protocol. @throws what is no message */
  decode(line: string): JSONRPCMessage;
  /** What the server says beside the protocol. */
  log(chunk: Uint8Array): void;
}

/** The server ends when it is told to. */
const UNLIMITED_MS = Number.POSITIVE_INFINITY;
/** A server that is asked to leave by the end of its input may take so long, before it is told by signals. */
const LEAVES_MS = 1000;
const GRACE_MS = 2000;

/** A server that is a program of this machine: in a process group of its own, which the keeper knows. */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** By these two the client knows what kind of transport it has; it reads neither. */
  readonly stderr = null;
  readonly pid = null;
  /** Why it was ended from here. */
  failure: OpsroomError | undefined;
  private readonly ending = new AbortController();
  private readonly lines = new Lines();
  private input: Writable | undefined;
  private ended: Promise<ProcessEnd> | undefined;

  constructor(private readonly options: StdioOptions) {}

  /** Resolves once the program runs. @throws OpsroomError MCP_FAILED, ISOLATION_UNAVAILABLE */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.ended = runProcess({
        ...this.options.launch,
        signal: this.ending.signal,
        timeoutMs: UNLIMITED_MS,
        graceMs: GRACE_MS,
        converse: (input) => {
          this.input = input;
          // It shows as the end of the process; a write that failed says nothing more.
          input.on('error', () => undefined);
          resolve();
        },
        onOutput: (stream, chunk) => (stream === 'out' ? this.read(chunk) : this.options.log(chunk)),
      });
      this.ended.then(
        (end) => {
          reject(new OpsroomError('MCP_FAILED', { what: end.message ?? 'The server did not start.' }));
          this.over(end);
        },
        (error: unknown) => reject(error as Error),
      );
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { input } = this;
    if (!input?.writable) throw this.failure ?? new OpsroomError('MCP_FAILED', { what: 'The server has ended.' });
    await new Promise<void>((resolve, reject) => {
      input.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when nothing of the server runs any more. */
  async close(): Promise<void> {
    const { ended } = this;
    if (ended === undefined) return this.onclose?.();
    this.input?.end();
    if (!this.ending.signal.aborted && (await within(ended, LEAVES_MS)) !== undefined) return;
    this.ending.abort();
    await ended.catch(() => undefined);
  }

  /** Ends it without waiting for it to leave. */
  private fail(why: OpsroomError): void {
    this.failure ??= why;
    this.ending.abort();
    this.onerror?.(why);
  }

  private read(chunk: Uint8Array): void {
    if (this.ending.signal.aborted) return;
    try {
      this.options.meter.count(chunk.byteLength);
      for (const line of this.lines.push(chunk)) this.take(line);
    } catch (error) {
      this.fail(error as OpsroomError);
    }
  }

  private take(line: string): void {
    if (line.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = this.options.decode(line);
    } catch {
      // Not of the protocol: a banner, or what the program meant for its log.
      this.options.meter.strange();
      this.options.log(Buffer.from(`${line.slice(0, 2000)}\n`));
      return;
    }
    try {
      this.onmessage?.(message);
    } catch {
      this.options.meter.strange();
    }
  }

  private over({ exitCode, killedBy }: ProcessEnd): void {
    const how = exitCode === null ? `was ended by ${killedBy ?? 'a signal'}` : `exited with code ${exitCode}`;
    this.failure ??= new OpsroomError('MCP_FAILED', { what: `The MCP server ${how}.` });
    this.onclose?.();
  }
}
