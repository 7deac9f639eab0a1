import { estimateLeft, type Sample } from '../estimates/estimate.js';
import { remainingOf } from '../estimates/history.js';
import type { Segment } from './segments.js';
import type { PlannedStep } from './store.js';

/** When a run should end, going by earlier ones. */
export interface Expected {
  readonly p50At: string;
  readonly p90At: string;
  readonly runs: number;
}

export interface Going {
  readonly steps: readonly PlannedStep[];
  readonly segments: readonly Segment[];
  readonly samples: readonly Sample[];
  readonly nowMs: number;
}

/** When a run should end, had it gone on as earlier ones did; undefined when nothing is known, or when a person decides. */
export function expectedOf({ steps, segments, samples, nowMs }: Going): Expected | undefined {
  const states = new Map(segments.map((segment) => [segment.id, { ...segment, wakeAt: null }]));
  const { p50Ms, p90Ms, runs, persons } = estimateLeft(steps, remainingOf(steps, states, nowMs), samples);
  if (p50Ms === null || p90Ms === null || persons.length > 0) return undefined;
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  return { p50At: at(p50Ms), p90At: at(p90Ms), runs };
}
