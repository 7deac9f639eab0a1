import { type RunMetrics, runMetrics } from '#observe/metrics.js';
import type { Room } from '../room.js';
import { endedRuns, openRuns, settledUntil, stepsOf } from './store.js';

interface Known {
  readonly metrics: RunMetrics;
  /** What ended up to here is counted. */
  until: Date | undefined;
}

/** A run's end is stamped before it is committed. */
const LAG_MS = 5000;

/** The numbers of runs, an organisation at a time, read when somebody asks for them. */
export class RunCollector {
  private readonly known = new Map<string, Known>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param lagMs how long after its end a run is counted */
  constructor(private readonly lagMs = LAG_MS) {}

  /** In Prometheus' text format. Those who ask at once take turns, so that nothing is counted twice. */
  text(room: Room): Promise<string> {
    const mine = this.last.then(() => this.collect(room));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async collect({ org, database }: Room): Promise<string> {
    const known = this.known.get(org) ?? { metrics: runMetrics(), until: undefined };
    this.known.set(org, known);
    const { metrics } = known;
    await database.door(org, async (tx) => {
      const { runs, lanes } = await openRuns(tx, org);
      metrics.open(runs);
      metrics.slots(lanes);
      const to = await settledUntil(tx, this.lagMs);
      const from = known.until ?? to;
      const ended = await endedRuns(tx, org, from, to);
      const steps =
        ended.rows.length === 0
          ? []
          : await stepsOf(
              tx,
              org,
              ended.rows.map(({ id }) => id),
            );
      for (const { status, seconds } of ended.rows) if (seconds !== null) metrics.ended(status, seconds);
      for (const { tool, outcome, seconds } of steps) metrics.step(tool, outcome, seconds);
      known.until = ended.whole ? to : (ended.rows.at(-1)?.at ?? to);
    });
    return metrics.text();
  }
}
