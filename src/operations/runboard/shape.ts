import { z } from 'zod';
import { LANES } from '#ir/plan.js';
import { runStatusSchema } from '#ir/state.js';

const at = z.string().nullable();
const lane = z.enum(LANES);

const segment = z.object({
  id: z.string(),
  status: z.enum(['running', 'waiting', 'retrying', 'unknown', 'done', 'failed', 'skipped', 'cancelled']),
  word: z.string().nullable(),
  startedAt: z.string(),
  endedAt: at,
  /** Of one that waits: when it goes on by itself; null: when a person says so. */
  wakeAt: at,
  steps: z.int(),
});

/** When a run should end, going by earlier ones: half of them, and nine of ten, ended before. */
const expected = z.object({ p50At: z.string(), p90At: z.string(), runs: z.int() });

const boardRun = z.object({
  runId: z.string(),
  shortId: z.string(),
  /** Number of its latest event, as far as the rest is true. */
  seq: z.int(),
  title: z.string(),
  status: runStatusSchema,
  word: z.string().nullable(),
  lane,
  target: z.string(),
  requestedBy: z.string(),
  host: z.string().nullable(),
  rollingBack: z.boolean(),
  queuedAt: z.string(),
  startedAt: at,
  endedAt: at,
  /** Since when it is in the state that it is in. */
  since: z.string(),
  /** In its lane's queue, the next is 1. */
  place: z.int().nullable(),
  waiting: z
    .object({ code: z.string(), what: z.string(), mend: z.string(), step: z.string().nullable(), until: at })
    .nullable(),
  /** It asks something of a person, at rest or beside what goes on. */
  asksPerson: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  progress: z.object({ done: z.int(), total: z.int() }),
  /** The steps that were begun, in that order. Of a run of thousands of steps: none. */
  steps: z.array(segment),
  expected: expected.nullable(),
  /** Of a run in the queue: when a place should be free for it. */
  expectedStart: at,
});
export type BoardRunView = z.infer<typeof boardRun>;

const laneView = z.object({
  lane,
  width: z.int(),
  inUse: z.int(),
  depth: z.int(),
  oldestWaitSince: at,
});
export type LaneView = z.infer<typeof laneView>;

const cause = z.object({
  code: z.enum(['LANE_FULL', 'NO_WORKER', 'USER_LIMIT', 'KEY_HELD', 'PERSON']),
  /** The cause in a few words: `Lane B is full`. */
  title: z.string(),
  what: z.string(),
  mend: z.string(),
  /** How many runs wait for it, and the oldest since when. */
  runs: z.int(),
  since: at,
  lane: lane.nullable(),
  host: z.string().nullable(),
  /** Of the worker that is missing. */
  lastBeatAt: at,
  /** What should end it, and when. */
  ends: z.object({ runId: z.string(), title: z.string(), at: at }).nullable(),
});
export type Cause = z.infer<typeof cause>;

const need = z.object({
  kind: z.enum(['confirm', 'answer', 'resolve', 'decide']),
  runId: z.string(),
  title: z.string(),
  target: z.string(),
  lane,
  step: z.string().nullable(),
  stepTitle: z.string().nullable(),
  what: z.string(),
  mend: z.string(),
  since: z.string(),
});
export type Need = z.infer<typeof need>;

const worker = z.object({
  name: z.string(),
  host: z.string(),
  /** `own`: a command line that executes only the run it was given. */
  takes: z.enum(['all', 'own']),
  state: z.enum(['beating', 'draining', 'silent']),
  lastBeatAt: z.string(),
  lanes: z.array(lane),
  slots: z.object({ inUse: z.int(), of: z.int().nullable() }),
});
export type BoardWorker = z.infer<typeof worker>;

const boardEvent = z.object({
  run: z.string(),
  title: z.string(),
  lane,
  seq: z.int(),
  type: z.string(),
  step: z.string().nullable(),
  item: z.int().nullable(),
  attempt: z.int().nullable(),
  data: z.json(),
  at: z.string(),
});

export const runboardShape = z.object({
  /** The room's clock. */
  now: z.string(),
  /** The place in the room's events after which they are news: `GET /v1/events?after=…`. */
  cursor: z.string(),
  minutes: z.int(),
  tally: z.object({
    queued: z.int(),
    running: z.int(),
    /** Runs that ask a person: those that only a person can move, and those that go on beside a step that asks. */
    needsYou: z.int(),
    /** Runs that failed and whose rollback left something as it was, until they are archived. */
    notUndone: z.int(),
    /** Intents that wait until somebody agrees; of more than a thousand: a thousand. */
    approvals: z.int(),
    parked: z.int(),
    ended: z.int(),
  }),
  lanes: z.array(laneView),
  runs: z.array(boardRun),
  /** How many runs of each kind are not shown. */
  cut: z.object({ queued: z.int(), running: z.int(), parked: z.int(), ended: z.int() }),
  workers: z.array(worker),
  causes: z.array(cause),
  needsYou: z.array(need),
  events: z.array(boardEvent),
});
export type Runboard = z.infer<typeof runboardShape>;
