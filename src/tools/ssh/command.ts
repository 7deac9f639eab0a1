import { randomUUID } from 'node:crypto';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason } from '#sandbox/deadline.js';
import { within } from '#sandbox/within.js';
import { Tail } from '../shell/tail.js';
import type { SshArgs } from './args.js';
import { type Connection, openChannel } from './connection.js';
import { Greeting } from './greeting.js';
import { endingProgram, REMOTE_SHELL, remoteProgram } from './program.js';

const GRACE_S = 10;
/** The word of the host that a command has ended is awaited a little longer than it may take to end it. */
const ENDING_MS = (GRACE_S + 5) * 1000;

interface End {
  readonly code: number | null;
  readonly killedBy: string | null;
}

/** Runs a command on the host; ends it there when `signal` aborts. Output: `{ exitCode, stdout, stderr, truncated }`. */
export async function runRemote(
  args: SshArgs,
  context: CallContext,
  { connection, signal }: { connection: Connection; signal: AbortSignal },
): Promise<ToolResult> {
  const marker = `opsroom-${randomUUID()}`;
  const tails = { out: new Tail(args.outputCapBytes), err: new Tail(args.outputCapBytes) };
  const greeting = new Greeting(marker);
  const keep = (stream: 'out' | 'err', chunk: Uint8Array) => {
    if (chunk.length === 0) return;
    context.log(stream, chunk);
    tails[stream].push(chunk);
  };
  const channel = await openChannel(connection.client, REMOTE_SHELL);
  const ended = new Promise<End>((resolve) => {
    let end: End = { code: null, killedBy: null };
    channel.on('exit', (code: number | null, name?: string) => {
      end = { code, killedBy: name ?? null };
    });
    channel.on('close', () => resolve(end));
  });
  channel.on('data', (chunk: Buffer) => keep('out', greeting.take(chunk)));
  channel.stderr.on('data', (chunk: Buffer) => keep('err', chunk));
  channel.on('error', () => undefined);
  channel.end(remoteProgram({ ...args, env: { ...ownVariables(context), ...args.env } }, marker));
  const end = await Promise.race([ended, aborted(signal), aborted(connection.lost)]);
  if (end === 'aborted' && signal.aborted) await endRemote(connection, greeting.group, ended);
  keep('out', greeting.rest());
  return result(end, { args, signal, connection, tails });
}

/** What lets the far side tell a repetition, as every other tool hands it over. */
function ownVariables({ env }: CallContext): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OPSROOM_')));
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

/** Closing the connection would leave the command running: without a terminal nothing tells it. */
async function endRemote(connection: Connection, group: Promise<number>, ended: Promise<End>): Promise<void> {
  const pid = await within(group, 2000);
  if (pid === undefined || connection.lost.aborted) return;
  const ending = async () => {
    const channel = await openChannel(connection.client, REMOTE_SHELL);
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.resume();
    channel.stderr.resume();
    channel.end(endingProgram(pid, GRACE_S));
    await Promise.all([closed, ended]);
  };
  await within(Promise.race([ending().catch(() => undefined), aborted(connection.lost)]), ENDING_MS);
}

interface Happened {
  readonly args: SshArgs;
  readonly signal: AbortSignal;
  readonly connection: Connection;
  readonly tails: { readonly out: Tail; readonly err: Tail };
}

function result(end: End | 'aborted', { args, signal, connection, tails }: Happened): ToolResult {
  const { code, killedBy } = end === 'aborted' ? { code: null, killedBy: null } : end;
  const stderr = tails.err.text();
  const output = {
    exitCode: code,
    stdout: tails.out.text(),
    stderr,
    truncated: tails.out.truncated || tails.err.truncated,
  };
  if (code !== null && args.allowExitCodes.includes(code)) return { ok: true, output, isolation: 'none' };
  const error = signal.aborted
    ? abortReason(signal)
    : code === null && killedBy === null
      ? lostMidway(connection)
      : new OpsroomError('STEP_FAILED', { what: failureWords(code, killedBy, stderr) });
  return { ok: false, output, error: { ...error.toJSON() }, isolation: 'none' };
}

function lostMidway({ lost }: Connection): OpsroomError {
  const why = lost.reason instanceof OpsroomError ? lost.reason.message : 'The connection ended';
  return new OpsroomError('UNREACHABLE', {
    what: `${why} while the command ran, and nobody knows how far it came`,
    mend: 'Look on the host before you run the step again.',
  });
}

function failureWords(code: number | null, killedBy: string | null, stderr: string): string {
  const how = code === null ? `was ended by ${killedBy}` : `exited with code ${code}`;
  const last = stderr.trimEnd().split('\n').at(-1)?.slice(0, 300);
  return last ? `The remote command ${how}: ${last}` : `The remote command ${how}.`;
}
