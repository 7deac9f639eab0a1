import type { Node } from '#ir/dag.js';
import { longestPath } from './critical-path.js';

/** What is known of a step of the run that goes on. */
export interface Remaining {
  readonly id: string;
  /** `person`: it waits for one, or will; nobody knows how long. */
  readonly state: 'settled' | 'running' | 'pending' | 'person';
  /** Since its first attempt began, ms. */
  readonly ranMs: number;
  /** Before its next attempt begins, ms. */
  readonly waitMs: number;
}

/** How long each step of one earlier run took, ms. */
export type Sample = ReadonlyMap<string, number>;

export interface Estimate {
  /** Nearest-rank over the earlier runs; null when there is none. */
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  /** How many earlier runs it rests on. */
  readonly runs: number;
  /** What most probably decides when it ends, in order. */
  readonly path: readonly string[];
  /** Steps on which a person is waited for: their time is not in the estimate. */
  readonly persons: readonly string[];
  /** Running steps that have taken longer than ever before. */
  readonly over: readonly string[];
}

/**
 * How long a run still takes, had it gone on as each of the earlier ones did: along the critical path of what is left, by each
 * one's own times, so that steps that are slow together are not counted as if they were slow by turns.
 */
export function estimateLeft(steps: readonly Node[], left: readonly Remaining[], samples: readonly Sample[]): Estimate {
  const open = left.filter(({ state }) => state !== 'settled');
  const persons = open.filter(({ state }) => state === 'person').map(({ id }) => id);
  const typical = medians(open, samples);
  const byId = new Map(open.map((one) => [one.id, one]));
  const along = (sample: Sample) =>
    longestPath(steps, (id) => leftOf(byId.get(id), sample.get(id) ?? typical.get(id) ?? 0));
  const lengths = samples.map((sample) => along(sample).ms).sort((a, b) => a - b);
  const running = open.filter(({ state }) => state === 'running');
  return {
    p50Ms: nearestRank(lengths, 0.5),
    p90Ms: nearestRank(lengths, 0.9),
    runs: samples.length,
    path: samples.length === 0 ? [] : along(typical).path,
    persons,
    over: running.filter(({ id, ranMs }) => ranMs > longest(id, samples)).map(({ id }) => id),
  };
}

function leftOf(step: Remaining | undefined, tookMs: number): number {
  if (step === undefined || step.state === 'person') return 0;
  if (step.waitMs > 0) return step.waitMs + tookMs;
  return step.state === 'running' ? Math.max(0, tookMs - step.ranMs) : tookMs;
}

function medians(open: readonly Remaining[], samples: readonly Sample[]): Map<string, number> {
  return new Map(
    open.flatMap(({ id }) => {
      const known = samples.flatMap((sample) => sample.get(id) ?? []).sort((a, b) => a - b);
      const median = nearestRank(known, 0.5);
      return median === null ? [] : [[id, median]];
    }),
  );
}

/** Of a step that was never seen before nobody can say that it takes long. */
function longest(id: string, samples: readonly Sample[]): number {
  const known = samples.flatMap((sample) => sample.get(id) ?? []);
  return known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known);
}

function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
