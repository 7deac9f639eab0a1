import type { Progress } from '@modelcontextprotocol/client';
import type { CallContext } from '#ir/calls.js';
import { type Clock, systemClock } from '#kit/clock.js';

const EVERY_MS = 100;
const MOST_WORDS = 500;

/** Writes progress into the log of the step, at most ten lines a second: a server may tell of every byte. */
export function progressLog(
  { log }: Pick<CallContext, 'log'>,
  clock: Clock = systemClock,
): (progress: Progress) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return ({ progress, total, message }) => {
    const now = clock.monotonicMs();
    const isLast = total !== undefined && progress >= total;
    if (now - toldAt < EVERY_MS && !isLast) return;
    toldAt = now;
    const done = total === undefined ? String(progress) : `${progress} of ${total}`;
    const words = message === undefined ? '' : `: ${message.slice(0, MOST_WORDS)}`;
    log('out', Buffer.from(`progress ${done}${words}\n`));
  };
}
