import { standingFault } from '#execute/views/fault.js';
import type { QueueFacts } from '#execute/views/store.js';
import { holdOf } from '#execute/views/waiting.js';
import type { JsonObject } from '#ir/json.js';
import { LANES } from '#ir/plan.js';
import { hasEnded } from '#ir/state.js';
import { type Cursor, formatCursor } from '../events/cursor.js';
import { type RoomEvent, toldEvent } from '../events/store.js';
import { askOf } from '../runs/asks-person.js';
import { shortId } from '../runs/reference.js';
import { causesOf } from './causes.js';
import type { Expected } from './expected.js';
import { needOf } from './needs.js';
import { expectedStarts } from './places.js';
import type { Segment } from './segments.js';
import type { BoardRunView, BoardWorker, LaneView, Runboard } from './shape.js';
import type { BoardRun, Instructions, LaneRow, Standing, WorkerView } from './store.js';

/** Everything that was read for one look at the room. */
export interface BoardFacts {
  readonly minutes: number;
  readonly cursor: Cursor;
  readonly standing: Standing;
  readonly lanes: readonly LaneRow[];
  readonly runs: readonly BoardRun[];
  readonly workers: readonly WorkerView[];
  readonly events: readonly RoomEvent[];
  /** What a person is asked to do, by `instructionsKey`. */
  readonly instructions: ReadonlyMap<string, Instructions>;
  /** Concurrency key → the run that holds it. */
  readonly holders: ReadonlyMap<string, string>;
  readonly bars: ReadonlyMap<string, { readonly segments: readonly Segment[]; readonly done: number }>;
  readonly plans: ReadonlyMap<string, { readonly total: number; readonly titles: ReadonlyMap<string, string> }>;
  readonly expected: ReadonlyMap<string, Expected>;
}

/** The Runboard, from what was read. */
export function boardOf(facts: BoardFacts): Runboard {
  const { standing, cursor, minutes } = facts;
  const lanes = facts.lanes.map((lane) => laneOf(lane, standing));
  const shown = runsOf(facts);
  const starts = expectedStarts(shown, lanes);
  const runs = shown.map((run) => ({ ...run, expectedStart: starts.get(run.runId) ?? null }));
  const workers = facts.workers.map((worker) => workerOf(worker, facts.runs));
  const needsYou = facts.runs.flatMap((run) => needOf(run, targetOf(run.target), facts) ?? []);
  const tally = tallyOf(facts);
  return {
    now: standing.now.toISOString(),
    cursor: formatCursor(cursor),
    minutes,
    tally,
    lanes,
    runs,
    cut: cutOf(tally, facts),
    workers,
    causes: causesOf({ lanes, runs, workers, needs: needsYou, needsYou: tally.needsYou, atWork: standing.askBeside }),
    needsYou: needsYou.sort((a, b) => (a.since < b.since ? -1 : 1)),
    events: facts.events.map((event) => ({
      ...toldEvent(event),
      lane: laneNamed(event.lane),
      at: event.at.toISOString(),
    })),
  };
}

function laneOf({ lane, width, queued, oldest }: LaneRow, { active }: Standing): LaneView {
  const inUse = active.reduce((sum, one) => sum + (one.lane === lane ? one.runs : 0), 0);
  return { lane, width, inUse, depth: queued, oldestWaitSince: oldest?.toISOString() ?? null };
}

function runsOf(facts: BoardFacts): BoardRunView[] {
  const inLine = new Map<string, number>();
  return facts.runs.map((run) => {
    const place = run.status === 'queued' ? (inLine.get(run.lane) ?? 0) + 1 : null;
    if (place !== null) inLine.set(run.lane, place);
    return runOf(run, place, facts);
  });
}

function runOf(run: BoardRun, place: number | null, facts: BoardFacts): BoardRunView {
  const hold = holdOf(run, queueFacts(run, facts), facts.standing.now.getTime());
  const bar = facts.bars.get(run.id);
  const fault = standingFault(run);
  return {
    runId: run.id,
    shortId: shortId(run.id),
    seq: run.seq,
    title: run.title,
    status: run.status,
    word: hasEnded(run.status) ? run.word : null,
    lane: run.lane,
    target: targetOf(run.target),
    requestedBy: run.requested_by,
    host: run.host,
    rollingBack: run.mode === 'rollback' && !hasEnded(run.status),
    queuedAt: run.queued_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    endedAt: run.ended_at?.toISOString() ?? null,
    since: sinceOf(run).toISOString(),
    place,
    waiting: hold
      ? {
          code: hold.code,
          what: hold.what,
          mend: hold.mend.replaceAll(/\bRUN\b/g, shortId(run.id)),
          step: hold.step ?? null,
          until: run.wake_at?.toISOString() ?? null,
        }
      : null,
    asksPerson: run.asking !== null || (run.status === 'waiting' && askOf(run.parked?.code ?? null) !== undefined),
    error: fault && { code: fault.code, message: fault.message },
    progress: { done: bar?.done ?? 0, total: facts.plans.get(run.plan_digest)?.total ?? 0 },
    steps: [...(bar?.segments ?? [])],
    expected: facts.expected.get(run.id) ?? null,
    expectedStart: null,
  };
}

/** Since when a run is in the state that it is in. */
function sinceOf(run: BoardRun): Date {
  if (run.ended_at) return run.ended_at;
  if (run.status === 'queued' || run.status === 'released') return run.queued_at;
  if (run.status === 'running' || run.status === 'pausing') return run.started_at ?? run.queued_at;
  return run.changed_at ?? run.queued_at;
}

function queueFacts(run: BoardRun, { standing, lanes, workers, holders }: BoardFacts): QueueFacts {
  const used = (matches: (one: Standing['active'][number]) => boolean) =>
    standing.active.reduce((sum, one) => sum + (matches(one) ? one.runs : 0), 0);
  const holder = run.concurrency_key === null ? undefined : holders.get(run.concurrency_key);
  return {
    laneWidth: lanes.find(({ lane }) => lane === run.lane)?.width ?? 0,
    laneUsed: used(({ lane }) => lane === run.lane),
    userCap: standing.userCap,
    userUsed: used(({ by }) => by === run.requested_by),
    keyHolder: holder === undefined || holder === run.id ? null : holder,
    workers: workers.filter((one) => canTake(one) && (run.host === null || run.host === one.host)).length,
  };
}

const canTake = ({ takes, draining, beating }: WorkerView): boolean => takes === 'all' && !draining && beating;

function workerOf(worker: WorkerView, runs: readonly BoardRun[]): BoardWorker {
  const { id, host, takes, draining, beating, beatAt, slots } = worker;
  return {
    name: `${host}/${id.slice(0, 4)}`,
    host,
    takes,
    state: !beating ? 'silent' : draining ? 'draining' : 'beating',
    lastBeatAt: beatAt.toISOString(),
    lanes: takes === 'all' ? [...LANES] : [],
    slots: { inUse: runs.filter(({ owner }) => owner === id).length, of: slots },
  };
}

function tallyOf({ standing, lanes }: BoardFacts): Runboard['tally'] {
  const active = standing.active.reduce((sum, { runs }) => sum + runs, 0);
  const parked = standing.parked.reduce((sum, { runs }) => sum + runs, 0);
  const asking = standing.parked.reduce((sum, { code, runs }) => sum + (askOf(code) === undefined ? 0 : runs), 0);
  const queued = lanes.reduce((sum, lane) => sum + lane.queued, 0);
  const { approvals, askBeside, notUndone, ended } = standing;
  return {
    queued,
    running: active,
    needsYou: asking + askBeside,
    notUndone,
    approvals,
    parked: parked - asking,
    ended,
  };
}

/** Counts and rows are read one after the other, so a count may be behind by one. */
const left = (all: number, shown: number): number => Math.max(0, all - shown);

function cutOf(tally: Runboard['tally'], { runs, standing }: BoardFacts): Runboard['cut'] {
  const among = (matches: (run: BoardRun) => boolean) => runs.filter(matches).length;
  return {
    queued: left(
      tally.queued,
      among(({ status }) => status === 'queued'),
    ),
    running: left(
      tally.running,
      among(({ owner, status }) => owner !== null || status === 'released'),
    ),
    parked: left(
      tally.needsYou - standing.askBeside + tally.parked,
      among(({ status }) => status === 'waiting' || status === 'paused'),
    ),
    ended: left(
      tally.ended,
      among(({ status }) => hasEnded(status)),
    ),
  };
}

/** `shop/production`; what a plan does not name is left out. */
function targetOf({ app, environment }: JsonObject): string {
  return [app, environment].filter((part) => typeof part === 'string').join('/');
}

const laneNamed = (name: string): LaneView['lane'] => LANES.find((lane) => lane === name) ?? 'D';
