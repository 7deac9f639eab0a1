import { hasEnded, RUN_STATUSES, type RunStatus } from '#ir/state.js';
import type { Axis } from './axis.js';
import type { BoardRun } from './model.js';
import { inOrder } from './words.js';

/** How many strips of each kind a lane shows: what moves, or waits for somebody, comes before what has been. */
const MOST = { now: 24, queued: 8, ended: 8 } as const;

const listed = (fits: (status: RunStatus) => boolean): string => RUN_STATUSES.filter(fits).join(',');
const ENDED = listed(hasEnded);
const NOW = listed((status) => !hasEnded(status) && status !== 'queued');

interface Cut {
  readonly shown: readonly BoardRun[];
  /** What is left out, each with the states that the list of runs shows for it. */
  readonly more: readonly { readonly text: string; readonly status: string }[];
}

/**
 * The strips of one lane in a stretch of time. A hundred strips would hide what matters, so each kind has its share.
 *
 * @param depth how many wait in line, also those that were not read
 */
export function cutLane(runs: readonly BoardRun[], depth: number, axis: Axis): Cut {
  const there = inOrder(runs).filter((run) => isWithin(run, axis));
  const ended = there.filter(({ status }) => hasEnded(status));
  const queued = there.filter(({ status }) => status === 'queued');
  const now = there.filter(({ status }) => !hasEnded(status) && status !== 'queued');
  const left = [
    { of: 'at work or waiting', status: NOW, count: now.length - MOST.now },
    {
      of: 'queued',
      status: 'queued',
      count: Math.max(depth, queued.length) - Math.min(queued.length, MOST.queued),
    },
    { of: 'that have ended', status: ENDED, count: ended.length - MOST.ended },
  ];
  const moving = now.slice(0, MOST.now).filter(({ status }) => status !== 'released');
  const starting = now.slice(0, MOST.now).filter(({ status }) => status === 'released');
  return {
    shown: [...moving, ...starting, ...queued.slice(0, MOST.queued), ...ended.slice(0, MOST.ended)],
    more: left.flatMap(({ of, status, count }) => (count > 0 ? [{ text: `${count} more ${of}`, status }] : [])),
  };
}

/** What has ended before, or began after, is out of sight. */
function isWithin(run: BoardRun, { from, to }: Axis): boolean {
  if (Date.parse(run.startedAt ?? run.queuedAt) > to) return false;
  return run.endedAt === null || Date.parse(run.endedAt) >= from;
}
