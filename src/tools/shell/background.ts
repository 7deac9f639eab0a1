import { isIPv4 } from 'node:net';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason, deadline } from '#sandbox/deadline.js';
import type { ProcessEnd, ProcessSpec } from '#sandbox/process.js';
import { runProcess } from '#sandbox/process.js';
import type { HeldProcesses } from './held.js';
import { accepts, type Ready, saysReady, untilReady } from './ready.js';
import { Tail } from './tail.js';

/** The program ends with its run. */
const UNLIMITED_MS = Number.POSITIVE_INFINITY;
const TAIL_BYTES = 16 * 1024;
const LOOK_AGAIN_MS = 200;

export interface BackgroundCall {
  readonly ready: Ready;
  readonly context: CallContext;
  readonly held: HeldProcesses;
  /** How the program is started. */
  readonly spec: Pick<ProcessSpec, 'argv' | 'cwd' | 'env' | 'isolation' | 'limits' | 'keeper' | 'stdin'>;
  /** Called when nothing of the program runs any more. */
  over(): void;
}

/**
 * Starts a program and resolves when it can be used; it goes on until its run ends. What it prints until it is ready is
 * logged; what comes later is not.
 * Output: `{ ready, stdout }`: what told that it is ready, and the end of what it has printed.
 */
export async function startBackground(call: BackgroundCall): Promise<ToolResult> {
  const { context, held, ready } = call;
  const limit = deadline(context.signal, context.timeoutMs);
  await untilFree(ready, limit);
  const printed = new Tail(TAIL_BYTES);
  const says = saysReady(ready);
  let hasSaidIt = false;
  let listening = true;
  const onOutput: ProcessSpec['onOutput'] = (stream, chunk) => {
    printed.push(chunk);
    hasSaidIt ||= listening && says(printed.text());
    if (listening) context.log(stream, chunk);
  };
  const program = await held.hold(context.id, (signal) =>
    runProcess({ ...call.spec, signal, timeoutMs: UNLIMITED_MS, onOutput }).finally(() => call.over()),
  );
  const looked = new AbortController();
  const signal = AbortSignal.any([limit, looked.signal]);
  const input = { signal, allowAddresses: context.allowAddresses, hasSaidIt: () => hasSaidIt };
  try {
    const early = await Promise.race([untilReady(ready, input), program.ended]);
    if (early) throw endedEarly(early, printed);
  } catch (error) {
    await program.end();
    throw limit.aborted ? abortReason(limit) : error;
  } finally {
    listening = false;
    looked.abort();
  }
  const output = { ready: words(ready), stdout: printed.text() };
  return { ok: true, output, isolation: context.isolation.level };
}

/** A port that somebody else answers on would make the program look ready before it is. After a takeover the last one may still be ending. */
async function untilFree(ready: Ready, signal: AbortSignal): Promise<void> {
  const port = portOf(ready);
  if (port === undefined) return;
  while (await accepts(port)) {
    await sleep(LOOK_AGAIN_MS, signal);
    if (signal.aborted) {
      const what = `Something else answers on port ${port} of this machine.`;
      throw new OpsroomError('STEP_FAILED', { what, mend: 'End it, or let the step use another port.' });
    }
  }
}

function portOf(ready: Ready): number | undefined {
  if ('port' in ready) return ready.port;
  if (!('url' in ready)) return undefined;
  const { hostname, port, protocol } = new URL(ready.url);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
  if (!isHere) return undefined;
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

function endedEarly({ exitCode, killedBy, message }: ProcessEnd, printed: Tail): OpsroomError {
  const last = printed.text().trimEnd().split('\n').at(-1)?.slice(0, 300);
  const how = message ?? (exitCode === null ? `It was ended by ${killedBy}.` : `It exited with code ${exitCode}.`);
  return new OpsroomError('STEP_FAILED', {
    what: `The program ended before it was ready. ${how}${last ? ` It said last: ${last}` : ''}`,
  });
}

function words(ready: Ready): string {
  if ('url' in ready) return `${ready.url} answers`;
  if ('port' in ready) return `port ${ready.port} accepts connections`;
  if ('output' in ready) return `it printed what matches ${ready.output}`;
  return `it runs for ${ready.aliveMs} ms`;
}
