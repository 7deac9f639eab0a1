import { NO_ITEMS } from '#ir/done-word.js';
import { askerText } from '../ui/names.js';
import { type Shown, standingShown, stepShown } from '../ui/state.js';
import type { RunStep } from './data.js';
import type { Span } from './fold.js';

/** One attempt of a step on the axis. */
export interface Bar extends Span {
  readonly shown: Shown;
  /** It goes on. */
  readonly open: boolean;
}

/** A row of the timeline: its attempts, and the pauses before those that come again. */
export interface Bars {
  readonly bars: readonly Bar[];
  readonly pauses: readonly Span[];
}

/** What is drawn of a step; nothing before it began, and nothing of one whose records another run made. */
export function barsOf(step: RunStep, nowMs: number): Bars {
  if (step.startedAt === null || step.reusedFrom !== null) return { bars: [], pauses: [] };
  const single = { status: step.status, startedAt: step.startedAt, endedAt: step.endedAt };
  const tries = step.tries.length > 0 ? step.tries : [single];
  const bars = tries.map(({ status, startedAt }, place): Bar => {
    const last = place === tries.length - 1;
    const fromMs = Date.parse(startedAt);
    const endedAt = endOf(tries, place);
    return {
      fromMs,
      toMs: endedAt === null ? Math.max(nowMs, fromMs) : Date.parse(endedAt),
      shown: last && step.status !== 'retrying' ? standingShown(step) : triedShown(status),
      open: endedAt === null,
    };
  });
  return { bars, pauses: pausesOf(bars, step, nowMs) };
}

/** When an attempt was over, at the latest when the next began: one that waits has no end of its own when a person settles its step. */
export function endOf(
  attempts: readonly { readonly startedAt: string; readonly endedAt: string | null }[],
  place: number,
): string | null {
  return attempts[place]?.endedAt ?? attempts[place + 1]?.startedAt ?? null;
}

const triedShown = (status: string): Shown => stepShown(status === 'retrying' ? 'failed' : status, null);

function pausesOf(bars: readonly Bar[], step: RunStep, nowMs: number): Span[] {
  const between = bars.slice(1).map((bar, place) => ({ fromMs: bars[place]?.toMs ?? bar.fromMs, toMs: bar.fromMs }));
  const last = bars.at(-1);
  const next = step.status === 'retrying' && last ? [{ fromMs: last.toMs, toMs: Math.max(nowMs, last.toMs) }] : [];
  return [...between, ...next].filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** When a tool was at work: waiting for a person, a time or the next attempt is idle. */
export function busySpans(steps: readonly RunStep[], nowMs: number): Span[] {
  return steps.flatMap((step) =>
    barsOf(step, nowMs)
      .bars.filter((_, place) => isWork(step, place))
      .map(({ fromMs, toMs }) => ({ fromMs, toMs })),
  );
}

/** Of a step that a person has settled, only what they said is no work: its tool may have been at it before. */
function isWork({ status, person, tries }: RunStep, place: number): boolean {
  const earlier = place < tries.length - 1 ? tries[place] : undefined;
  if (earlier === undefined) return status !== 'waiting' && person === null;
  // One without an end of its own waited until it was settled.
  return earlier.status !== 'waiting' && earlier.endedAt !== null;
}

/** How long a step took from its first attempt to its last, or has taken so far; undefined before it began. */
export function tookMs(step: RunStep, nowMs: number): number | undefined {
  if (step.startedAt === null || step.reusedFrom !== null) return undefined;
  return Math.max(0, (step.endedAt === null ? nowMs : Date.parse(step.endedAt)) - Date.parse(step.startedAt));
}

/** What stands beside the bar: why it is as it is, where its look alone does not tell. */
export function noteOf(step: RunStep, dependsOn: readonly string[]): string | undefined {
  const { status, word, held, items, person, reusedFrom, tries } = step;
  if (reusedFrom !== null) return `taken over from ${reusedFrom.slice(-8)}`;
  if (items?.total === 0) return NO_ITEMS;
  if (items !== null) return `${items.done} of ${items.total}${items.failed > 0 ? `, ${items.failed} failed` : ''}`;
  if (person !== null) return `${status === 'skipped' ? 'left out ' : ''}by ${askerText(person.by)}`;
  if (held !== null) return `waits for the rate of ${held.limit}`;
  if (status === 'pending') return dependsOn.length === 0 ? undefined : `after ${dependsOn.slice(0, 3).join(', ')}`;
  if (status === 'done' && tries.length > 1) return `${tries.length} attempts`;
  if (status === 'done') return word === 'proven' ? undefined : (word ?? undefined);
  return standingShown(step).word;
}
