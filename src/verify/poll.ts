import { z } from 'zod';
import type { CallContext, CheckInput, CheckResult } from '#ir/calls.js';
import { type Clock, sleep, systemClock } from '#kit/clock.js';
import { deadline } from '#sandbox/deadline.js';

/** How long a verdict may keep looking, and how often; part of the config of verifiers that look outside. */
export const pollFields = {
  withinMs: z.int().min(0).max(86_400_000).default(0),
  intervalMs: z.int().min(50).max(3_600_000).default(1000),
};

export interface PollConfig {
  readonly withinMs: number;
  readonly intervalMs: number;
}

/** Before the tool runs nobody waits: one look, this long at most. */
export const SINGLE_LOOK_MS = 5000;

/** One look; `signal` ends it. */
export type Look = (signal: AbortSignal) => Promise<CheckResult>;

/**
 * Looks until the check passes or its time is over; the last look counts. Only a verdict polls. Everything ends with the
 * step: at `context.timeoutMs` and when `context.signal` aborts.
 */
export async function poll(
  look: Look,
  config: PollConfig,
  call: { phase: CheckInput['phase']; context: CallContext; clock?: Clock },
): Promise<CheckResult> {
  const { phase, context, clock = systemClock } = call;
  if (phase !== 'verdict') return look(deadline(context.signal, Math.min(SINGLE_LOOK_MS, context.timeoutMs)));
  const whole = deadline(context.signal, context.timeoutMs);
  const end = clock.monotonicMs() + Math.min(config.withinMs, context.timeoutMs);
  for (let looks = 1; ; looks += 1) {
    const found = await look(whole);
    const left = end - clock.monotonicMs();
    if (found.passed || left <= 0 || whole.aborted)
      return looks === 1 ? found : { ...found, summary: `${found.summary} (look ${looks})` };
    await sleep(Math.min(config.intervalMs, left), whole);
  }
}
