import type { CallContext } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { abortReason } from '#sandbox/deadline.js';
import type { Keeper } from '#sandbox/keeper.js';
import { type ProcessEnd, runProcess } from '#sandbox/process.js';
import { EVIDENCE_CAP } from './evidence.js';

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal: AbortSignal;
}

export interface CommandEnd extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where programs are looked up: as the step's own environment says. */
export function commandPath(context: CallContext): string {
  return context.env['PATH'] ?? DEFAULT_PATH;
}

/** Runs a verifier's process, isolated as the step is, and keeps the beginning of both streams. Nothing goes to the step's log. */
export async function runCommand(
  command: Command,
  context: CallContext,
  keeper: Keeper | undefined,
): Promise<CommandEnd> {
  const streams = { out: new Head(), err: new Head() };
  const end = await runProcess({
    ...command,
    env: { PATH: DEFAULT_PATH, LANG: 'C.UTF-8', ...command.env },
    isolation: { ...context.isolation, writable: [context.workspace] },
    timeoutMs: context.timeoutMs,
    graceMs: 1000,
    onOutput: (stream, chunk) => streams[stream].push(chunk),
    ...(keeper ? { keeper } : {}),
  });
  return {
    ...end,
    stdout: streams.out.text(),
    stderr: streams.err.text(),
    truncated: streams.out.full || streams.err.full,
  };
}

/** What is kept of a command for the evidence. */
export function commandEvidence(end: CommandEnd): { [key: string]: JsonValue } {
  const { exitCode, ended, isolation, stdout, stderr, truncated } = end;
  return { exitCode, ended, isolation, stdout, stderr, ...(truncated ? { truncated } : {}) };
}

/** Why a command came to no end of its own; undefined when it exited. */
export function interruption(end: CommandEnd, signal: AbortSignal): string | undefined {
  if (end.ended === 'timed-out') return 'It took longer than its time limit';
  if (end.ended === 'aborted') return signal.aborted ? abortReason(signal).message : 'It was ended';
  return undefined;
}

/** The first bytes of a stream; twice the evidence's cap, for a cap in characters. */
class Head {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get full(): boolean {
    return this.#size > 2 * EVIDENCE_CAP;
  }

  push(chunk: Uint8Array): void {
    if (!this.full) this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.#chunks).subarray(0, 2 * EVIDENCE_CAP)).replaceAll('\0', '');
  }
}
