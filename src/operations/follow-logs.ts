import { readLog } from '#execute/logs/read.js';
import { type LogOf, logsOf } from '#execute/logs/store.js';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { isParked, readStanding } from './follow.js';
import { Places } from './log-places.js';
import { Patience } from './patience.js';
import type { Room } from './room.js';
import { type RunLogLine, shownLine } from './runs/logs.js';

const POLL_MS = 250;
const LINES_AT_ONCE = 10_000;
const BATCH = 500;

export interface FollowLogsOptions {
  readonly step?: string | undefined;
  /** Begin with the last so many lines of each attempt that is there already. */
  readonly tail?: number | undefined;
  /** Goes on after this place, as an earlier batch told it. */
  readonly after?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Lines that are handed on together, of one attempt; none when a look found nothing new. */
export interface LogBatch {
  readonly lines: readonly RunLogLine[];
  /** Where to go on for whoever has had these lines. To be asked before the next batch is; empty: from the beginning. */
  readonly place: () => string;
}

/**
 * What the steps of a run print, as it is committed, until the run has ended or waits for a person. Goes on after the last
 * line it had when the database was away.
 *
 * @throws OpsroomError NOT_FOUND; DATABASE_UNREACHABLE after two minutes
 */
export async function* followRunLogs(room: Room, run: string, options: FollowLogsOptions): AsyncGenerator<RunLogLine> {
  for await (const { lines } of followLogBatches(room, run, options)) yield* lines;
}

/** The same in batches, from which a reader who was cut off can go on. @throws as `followRunLogs`; USAGE for a wrong place */
export async function* followLogBatches(room: Room, run: string, options: FollowLogsOptions): AsyncGenerator<LogBatch> {
  const { tail, after, signal } = options;
  const patience = new Patience(room.ports, signal);
  const places = new Places(tail, after);
  const place = () => places.toString();
  const stopped = () => signal?.aborted === true;
  while (!stopped()) {
    const seen = await patience.look(() => look(room, run, options.step));
    if (!seen) continue;
    for (const log of seen.logs) {
      for (let from = places.of(log); from <= log.lines && !stopped(); from = places.of(log)) {
        const lines = await patience.look(() => linesFrom(room, log, from));
        if (!lines) continue;
        for (const batch of batches(lines.shown)) {
          // Taken note of before they are handed on: whoever stops in between wants none of them again.
          places.passed(log, batch.next);
          yield { lines: batch.lines, place };
        }
        places.passed(log, lines.next);
      }
    }
    places.known(seen.logs);
    if (seen.last) return;
    yield { lines: [], place };
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

/** Lines in slices, with the number of the line after each. */
function* batches(lines: readonly RunLogLine[]): Generator<{ lines: readonly RunLogLine[]; next: number }> {
  for (let from = 0; from < lines.length; from += BATCH) {
    const slice = lines.slice(from, from + BATCH);
    const end = slice.at(-1);
    if (end) yield { lines: slice, next: end.number + (end.stream === 'gap' ? end.dropped : 1) };
  }
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
