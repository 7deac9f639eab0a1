import type { BoardRunView, LaneView } from './shape.js';

/**
 * When a place should be free for those in a lane's queue: the first of them begins when the first of those at work ends.
 * Nothing is said of who stands behind a run whose end nobody knows.
 *
 * @returns run → ISO 8601
 */
export function expectedStarts(runs: readonly BoardRunView[], lanes: readonly LaneView[]): ReadonlyMap<string, string> {
  const starts = new Map<string, string>();
  for (const { lane, inUse, width } of lanes) {
    if (inUse < width) continue;
    const there = runs.filter((run) => run.lane === lane);
    const running = there.filter(({ status }) => status === 'running');
    const ends = running.flatMap(({ expected }) => expected?.p50At ?? []).sort((a, b) => (a < b ? -1 : 1));
    if (ends.length < running.length) continue;
    const queue = there.filter(({ waiting }) => waiting?.code === 'LANE_FULL');
    queue.forEach((run, n) => {
      const at = ends[n];
      if (at !== undefined) starts.set(run.runId, at);
    });
  }
  return starts;
}
