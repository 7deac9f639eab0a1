import { readLog } from '#execute/logs/read.js';
import { logsOf } from '#execute/logs/store.js';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { isParked, readStanding } from './follow.js';
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

/** What the steps of a run print, as it is committed, until the run has ended or waits for a person. */
export async function* followRunLogs(room: Room, run: string, options: FollowLogsOptions): AsyncGenerator<RunLogLine> {
  const { step, tail, signal } = options;
  const stopped = () => signal?.aborted === true;
  /** The next line of each attempt. */
  const next = new Map<string, number>();
  for (let first = true, last = false; !last && !stopped(); first = false) {
    const standing = await readStanding(room, run);
    last = hasEnded(standing.status) || isParked(standing);
    const of = { org: room.org, runId: run, ...(step === undefined ? {} : { stepId: step }) };
    const attempts = await room.database.door(room.org, (tx) => logsOf(tx, of));
    for (const { id, lines } of attempts) {
      const key = `${id.stepId}#${id.item}.${id.revision}.${id.attempt}`;
      for (let from = next.get(key) ?? firstLine(lines, first ? tail : undefined); from <= lines && !stopped(); ) {
        const entries = await room.database.door(room.org, (tx) =>
          readLog(tx, id, { fromLine: from, limit: LINES_AT_ONCE }),
        );
        for (const entry of entries) yield shownLine(id, entry);
        const end = entries.at(-1);
        from = end === undefined ? lines + 1 : end.number + (end.stream === 'gap' ? end.dropped : 1);
        next.set(key, from);
      }
    }
    if (!last) await sleep(POLL_MS, signal);
  }
}

const firstLine = (lines: number, tail: number | undefined): number =>
  tail === undefined ? 1 : Math.max(1, lines - tail + 1);
