import { z } from 'zod';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { runboard } from '../runboard/get.js';
import { Recent } from '../runboard/recent.js';
import type { Runboard } from '../runboard/shape.js';

const at = z.string().nullable();
const run = z.object({
  runId: z.string(),
  title: z.string(),
  status: z.string(),
  lane: z.string(),
  target: z.string(),
  requestedBy: z.string(),
  startedAt: at,
  /** The steps that are at work. */
  steps: z.array(z.string()),
  progress: z.object({ done: z.int(), total: z.int() }),
  /** Why it waits, and what ends that. */
  waiting: z.object({ code: z.string(), what: z.string(), mend: z.string() }).nullable(),
});
const event = z.object({ at: z.string(), runId: z.string(), title: z.string(), type: z.string(), step: at });

const live = z.object({
  at: z.string(),
  running: z.array(run),
  queued: z.array(run),
  waiting: z.array(run),
  /** The latest, the newest first. */
  events: z.array(event),
});
type Live = z.infer<typeof live>;

const MOST_RUNS = 50;
const MOST_EVENTS = 20;
const KEEP_MS = 1000;
const recent = new Recent<Live>(KEEP_MS);

export const aiLive = operation({
  name: 'ai.live',
  summary:
    'Show what goes on right now: runs at work with their steps, the queue, what waits and why, the latest events. At most a second old.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: live,
  run: (_, room) => recent.get(room.database, room.org, room.ports.clock.monotonicMs(), () => look(room)),
});

async function look(room: Room): Promise<Live> {
  return liveOf(await runboard.run({ minutes: 60 }, room));
}

/** Pure: what of a board is live. */
export function liveOf({ now, runs, events }: Runboard): Live {
  const open = runs.filter(({ endedAt }) => endedAt === null);
  const shown = (chosen: readonly BoardRun[]) => chosen.slice(0, MOST_RUNS).map(liveRun);
  return {
    at: now,
    running: shown(open.filter(isAtWork)),
    queued: shown(open.filter(isQueued)),
    waiting: shown(open.filter((one) => !isQueued(one) && !isAtWork(one))),
    events: events
      .slice(0, MOST_EVENTS)
      .map(({ at, run: runId, title, type, step }) => ({ at, runId, title, type, step })),
  };
}

type BoardRun = Runboard['runs'][number];

/** Released is what a worker may take in this moment. */
const isQueued = ({ status }: BoardRun): boolean => status === 'queued' || status === 'released';
const isAtWork = ({ status }: BoardRun): boolean => status === 'running' || status === 'pausing';

function liveRun({ runId, title, status, lane, target, requestedBy, startedAt, steps, progress, waiting }: BoardRun) {
  return {
    runId,
    title,
    status,
    lane,
    target,
    requestedBy,
    startedAt,
    steps: steps.filter((step) => step.status === 'running' || step.status === 'retrying').map(({ id }) => id),
    progress,
    waiting: waiting && { code: waiting.code, what: waiting.what, mend: waiting.mend },
  };
}
