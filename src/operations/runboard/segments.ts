import type { AttemptStatus } from '#execute/records.js';
import { hasEnded, type RunStatus } from '#ir/state.js';
import type { BegunStep } from './store.js';

/** One step of a run's bar. Times are ISO 8601. */
export interface Segment {
  readonly id: string;
  readonly status: 'running' | 'waiting' | 'retrying' | 'unknown' | 'done' | 'failed' | 'skipped' | 'cancelled';
  readonly word: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Of one that waits: when it goes on by itself; null: when a person says so. */
  readonly wakeAt: string | null;
  /** How many steps it stands for: neighbours that look the same are one where a bar has no room for all. */
  readonly steps: number;
}

/** More than a bar of a few hundred pixels can show. */
export const MOST_SEGMENTS = 60;

/** The bar of a run: the steps that were begun, in the order in which they began. */
export function segmentsOf(steps: readonly BegunStep[], run: RunStatus): Segment[] {
  const segments = steps.map((step) => segmentOf(step, run));
  let all = segments;
  for (let gapMs = 0; all.length > MOST_SEGMENTS; gapMs = gapMs === 0 ? 1000 : gapMs * 4) all = joined(segments, gapMs);
  return all;
}

function segmentOf(step: BegunStep, run: RunStatus): Segment {
  const status = step.status === null ? loudest(step.items, run) : statusOf(step.status, step.again, run);
  return {
    id: step.step,
    status,
    word: step.word,
    startedAt: step.startedAt.toISOString(),
    endedAt: status === 'running' ? null : (step.endedAt?.toISOString() ?? null),
    wakeAt: status === 'waiting' ? (step.wakeAt?.toISOString() ?? null) : null,
    steps: 1,
  };
}

function statusOf(status: AttemptStatus, again: boolean, run: RunStatus): Segment['status'] {
  return status === 'failed' && again && !hasEnded(run) ? 'retrying' : status;
}

/** Of items that are not summed up yet: while none stands out, the step goes on. */
function loudest(items: readonly AttemptStatus[], run: RunStatus): Segment['status'] {
  const order = ['running', 'waiting', 'unknown', 'failed', 'cancelled'] as const;
  return order.find((status) => items.includes(status)) ?? (hasEnded(run) ? 'unknown' : 'running');
}

/** Neighbours that look the same and are no further apart than `gapMs` become one. */
function joined(segments: readonly Segment[], gapMs: number): Segment[] {
  const all: Segment[] = [];
  for (const segment of segments) {
    const last = all.at(-1);
    if (last && looksLike(last, segment) && gapOf(last, segment) <= gapMs)
      all[all.length - 1] = { ...last, endedAt: later(last.endedAt, segment.endedAt), steps: last.steps + 1 };
    else if (last && all.length >= MOST_SEGMENTS && gapMs > LONGEST_GAP_MS)
      all[all.length - 1] = { ...segment, startedAt: last.startedAt, steps: last.steps + 1 };
    else all.push(segment);
  }
  return all;
}

/** States that change from step to step cannot be joined for ever: then the last ones are told by the very last. */
const LONGEST_GAP_MS = 86_400_000;

const looksLike = (one: Segment, other: Segment): boolean =>
  one.status === other.status && one.word === other.word && (one.wakeAt === null) === (other.wakeAt === null);

function gapOf(one: Segment, other: Segment): number {
  return one.endedAt === null ? 0 : Date.parse(other.startedAt) - Date.parse(one.endedAt);
}

const later = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? null : one > other ? one : other;
