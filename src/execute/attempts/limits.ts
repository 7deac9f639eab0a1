import { setTimeout as pause } from 'node:timers/promises';
import { dbError } from '#db/pg-errors.js';
import { later } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';

const STORE_AGAIN_MS = 250;

/** While the database is away, what was done is not lost: it is stored once it is back, unless the lease ends before. */
export async function stored<T>(store: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (;;) {
    try {
      return await store();
    } catch (error) {
      if (dbError(error).code !== 'DATABASE_UNREACHABLE') throw error;
      if (signal.aborted) return undefined;
      await pause(STORE_AGAIN_MS);
    }
  }
}

/** Aborts when `outer` does, or after `ms`; `clear` gives the timer and the listener back. */
export function withTimeout(outer: AbortSignal, ms: number, key: string): { signal: AbortSignal; clear(): void } {
  const own = new AbortController();
  // By hand: AbortSignal.any costs each step several times as much, and its signals are collected late.
  const follow = () => own.abort(outer.reason);
  const expire = () => own.abort(new OpsroomError('STEP_TIMEOUT', { where: `step ${key}, ${ms} ms` }));
  const stop = later(ms, expire);
  if (outer.aborted) follow();
  else outer.addEventListener('abort', follow);
  const clear = () => {
    stop();
    outer.removeEventListener('abort', follow);
  };
  return { signal: own.signal, clear };
}
