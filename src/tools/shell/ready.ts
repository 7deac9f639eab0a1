import { connect } from 'node:net';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { sleep, systemClock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { deadline } from '#sandbox/deadline.js';
import { guardedFetch } from '#sandbox/fetch.js';

/** What tells that a process in the background can be used. */
export const readySchema = z.union([
  /** An address that answers with a status below 500. */
  z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
  /** A port of this machine that accepts connections. */
  z.strictObject({ port: z.int().min(1).max(65_535) }),
  /** An RE2 pattern in what it prints. */
  z.strictObject({ output: z.string().min(1).max(1000).refine(isPattern, 'not a regular expression (RE2)') }),
  /** It still runs after so long: all that can be said of a watcher that says nothing. */
  z.strictObject({ aliveMs: z.int().min(100).max(600_000) }),
]);
export type Ready = z.output<typeof readySchema>;

function isPattern(text: string): boolean {
  try {
    return RE2JS.compile(text) !== undefined;
  } catch {
    return false;
  }
}

export interface ReadyInput {
  readonly signal: AbortSignal;
  readonly allowAddresses: readonly string[];
  /** Whether the process has printed what it should. */
  hasSaidIt(): boolean;
}

const EVERY_MS = 100;
const LOOK_MS = 2000;

/** Resolves once the process can be used; otherwise only when the signal aborts (rejects with its reason). */
export async function untilReady(ready: Ready, input: ReadyInput): Promise<void> {
  const startedMs = systemClock.monotonicMs();
  const look = looker(ready, input, startedMs);
  for (;;) {
    if (await look()) return;
    await sleep(EVERY_MS, input.signal);
    input.signal.throwIfAborted();
  }
}

function looker(ready: Ready, input: ReadyInput, startedMs: number): () => boolean | Promise<boolean> {
  if ('url' in ready) return () => answers(ready.url, input);
  if ('port' in ready) return () => accepts(ready.port);
  if ('aliveMs' in ready) return () => systemClock.monotonicMs() - startedMs >= ready.aliveMs;
  return () => input.hasSaidIt();
}

/** Whether a text holds what the program says when it is ready; asked for each piece that it prints. */
export function saysReady(ready: Ready): (text: string) => boolean {
  if (!('output' in ready)) return () => false;
  const pattern = RE2JS.compile(ready.output);
  return (text) => pattern.matcher(text).find();
}

async function answers(url: string, { signal, allowAddresses }: ReadyInput): Promise<boolean> {
  const asked = { url, method: 'GET', headers: {}, allowAddresses, maxRedirects: 0, maxBytes: 0 };
  try {
    return (await guardedFetch({ ...asked, signal: deadline(signal, LOOK_MS) })).status < 500;
  } catch (error) {
    if (error instanceof OpsroomError && error.code === 'ADDRESS_REFUSED') throw error;
    return false;
  }
}

/** Whether something on this machine accepts connections on the port. */
export async function accepts(port: number): Promise<boolean> {
  const tried = await Promise.all(['127.0.0.1', '::1'].map((host) => reach(host, port)));
  return tried.includes(true);
}

function reach(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LOOK_MS });
    const done = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
