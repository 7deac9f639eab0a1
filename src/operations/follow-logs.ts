import { readLog } from '#execute/logs/read.js';
import { type LogOf, logsOf } from '#execute/logs/store.js';
import type { AttemptId } from '#ir/calls.js';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { isParked, readStanding } from './follow.js';
import { Patience } from './patience.js';
import type { Room } from './room.js';
import { type RunLogLine, shownLine } from './runs/logs.js';

const POLL_MS = 250;
const LINES_AT_ONCE = 10_000;

export interface FollowLogsOptions {
  readonly step?: string | undefined;
  /** Begin with the last so many lines of each attempt that is there already. */
  readonly tail?: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * What the steps of a run print, as it is committed, until the run has ended or waits for a person. Goes on after the last
 * line it had when the database was away.
 *
 * @throws OpsroomError NOT_FOUND; DATABASE_UNREACHABLE after two minutes
 */
export async function* followRunLogs(room: Room, run: string, options: FollowLogsOptions): AsyncGenerator<RunLogLine> {
  const { tail, signal } = options;
  const patience = new Patience(room.ports, signal);
  const places = new Places(tail);
  const stopped = () => signal?.aborted === true;
  while (!stopped()) {
    const seen = await patience.look(() => look(room, run, options.step));
    if (!seen) continue;
    for (const log of seen.logs) {
      for (let from = places.of(log); from <= log.lines && !stopped(); from = places.of(log)) {
        const lines = await patience.look(() => linesFrom(room, log, from));
        if (!lines) continue;
        // Taken note of before they are handed on: whoever stops in between wants none of them again.
        places.passed(log, lines.next);
        yield* lines.shown;
      }
    }
    places.known();
    if (seen.last) return;
    await sleep(POLL_MS, signal);
  }
}

/** The standing is read first: once it says that the run is over, the logs are complete. */
async function look(room: Room, run: string, step: string | undefined): Promise<{ last: boolean; logs: LogOf[] }> {
  const standing = await readStanding(room, run);
  const of = { org: room.org, runId: run, ...(step === undefined ? {} : { stepId: step }) };
  const logs = await room.database.door(room.org, (tx) => logsOf(tx, of));
  return { last: hasEnded(standing.status) || isParked(standing), logs };
}

async function linesFrom(
  room: Room,
  { id, lines }: LogOf,
  from: number,
): Promise<{ shown: RunLogLine[]; next: number }> {
  const entries = await room.database.door(room.org, (tx) => readLog(tx, id, { fromLine: from, limit: LINES_AT_ONCE }));
  const end = entries.at(-1);
  const next = end === undefined ? lines + 1 : end.number + (end.stream === 'gap' ? end.dropped : 1);
  return { shown: entries.map((entry) => shownLine(id, entry)), next };
}

/** The next line of each attempt. */
class Places {
  private readonly next = new Map<string, number>();

  /** @param tail of attempts that are there at the first look, so many lines are shown; what comes later is shown whole */
  constructor(private tail: number | undefined) {}

  of({ id, lines }: LogOf): number {
    const first = this.tail === undefined ? 1 : Math.max(1, lines - this.tail + 1);
    return this.next.get(keyOf(id)) ?? first;
  }

  passed({ id }: LogOf, next: number): void {
    this.next.set(keyOf(id), next);
  }

  /** The first look is over. */
  known(): void {
    this.tail = undefined;
  }
}

const keyOf = ({ stepId, item, revision, attempt }: AttemptId): string => `${stepId}#${item}.${revision}.${attempt}`;
