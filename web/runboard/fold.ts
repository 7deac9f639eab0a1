import { hasEnded, RUN_STATUSES } from '#ir/state.js';
import type { Board, BoardEvent, BoardRun, Segment } from './model.js';

/** What the page knows: the board as it was read, and what has happened since. */
export interface Known {
  readonly board: Board;
  /** The latest events, told again to each board that was read before they came. */
  readonly recent: readonly BoardEvent[];
  /** Something happened that events alone do not tell: queues, causes, a run that was not shown. */
  readonly behind: boolean;
  /** The place up to which events were left out: a board that was read before it does not show them. */
  readonly since: number;
}

const MOST_RECENT = 3000;
const MOST_SHOWN = 50;
/** Every step has one, and an end that says more. */
const QUIET = new Set(['step.started', 'step.expanded', 'run.signal']);

/**
 * A board that was read, and what is known to have happened after it. What is told of runs that it does not show may be
 * older than it; only if it is younger the board is behind.
 */
export function readAnew(board: Board, recent: readonly BoardEvent[] = [], since = 0): Known {
  const after = told({ board, recent: [], behind: false, since }, recent);
  const runs = new Map(board.runs.map((run) => [run.runId, run]));
  const tells = (event: BoardEvent) => {
    const run = runs.get(event.run);
    return event.type.startsWith('run.') || (run !== undefined && event.seq > run.seq && asks(run, event));
  };
  const younger = after.behind && recent.some((event) => event.at > board.now && tells(event));
  return { board: after.board, recent, behind: younger || placeOf(board.cursor) < since, since };
}

/** When events up to `place` were left out, or belong to another ledger: what is known stays on the page until it is read anew. */
export const leftOut = (known: Known, place: string): Known => ({
  ...known,
  recent: [],
  behind: true,
  since: placeOf(place),
});

/** Of the id of an event or of the cursor of a board: what lies before this number has been seen. */
const placeOf = (id: string): number => Number.parseInt(id, 10);

/** The board after some events, each of them counted once whatever comes twice. */
export function told(known: Known, events: readonly BoardEvent[]): Known {
  const runs = new Map(known.board.runs.map((run) => [run.runId, run]));
  const news: BoardEvent[] = [];
  let { behind } = known;
  for (const event of events) {
    if (event.type.startsWith('intent.')) continue;
    const run = runs.get(event.run);
    if (run && event.seq <= run.seq) continue;
    news.push(event);
    if (run) runs.set(event.run, after(run, event));
    behind ||= run === undefined || event.type.startsWith('run.') || asks(run, event);
  }
  if (news.length === 0) return known;
  return {
    ...known,
    behind,
    recent: [...known.recent, ...news].slice(-MOST_RECENT),
    board: { ...known.board, runs: [...runs.values()], events: latest(known.board.events, news) },
  };
}

/** Somebody is asked from now on, or no longer: what needs a person is told by no event. */
function asks({ steps, asksPerson }: BoardRun, { type, step, item }: BoardEvent): boolean {
  if (ASKING.has(type)) return true;
  const segment = steps.find(({ id }) => id === step);
  if (segment?.status === 'waiting' || segment?.status === 'unknown') return true;
  // What asks may have no segment of its own: items that run hide it, and a bar of many steps joins neighbours.
  return asksPerson && type !== 'step.started' && (segment === undefined || (item !== null && item >= 0));
}

const ASKING = new Set(['step.waiting', 'step.unknown']);

function latest(shown: readonly BoardEvent[], news: readonly BoardEvent[]): BoardEvent[] {
  const known = new Set(shown.map(({ run, seq }) => `${run} ${seq}`));
  const fresh = news.filter(({ run, seq, type }) => !QUIET.has(type) && !known.has(`${run} ${seq}`));
  return [...fresh.reverse(), ...shown].slice(0, MOST_SHOWN);
}

/** A run after one event. */
function after(run: BoardRun, event: BoardEvent): BoardRun {
  const [kind, what = ''] = event.type.split('.');
  const next = kind === 'step' ? afterStep(run, event, what) : afterRun(run, event, what);
  return { ...next, seq: event.seq };
}

function afterRun(run: BoardRun, event: BoardEvent, what: string): BoardRun {
  const data = members(event.data);
  if (what === 'rollback') return { ...run, rollingBack: true, error: faultOf(data['error']) ?? run.error };
  const status = what === 'started' || what === 'taken' ? 'running' : RUN_STATUSES.find((one) => one === what);
  if (status === undefined) return run;
  const ended = hasEnded(status);
  return {
    ...run,
    status,
    since: status === 'running' ? (run.startedAt ?? event.at) : event.at,
    place: null,
    startedAt: status === 'running' ? (run.startedAt ?? event.at) : run.startedAt,
    endedAt: ended ? event.at : null,
    word: ended ? text(data['word']) : null,
    error: ended ? faultOf(data['error']) : run.error,
    waiting: status === 'waiting' || status === 'paused' ? waitOf(data) : null,
    rollingBack: run.rollingBack && !ended,
    expected: status === 'running' ? run.expected : null,
    steps: ended ? run.steps.map((step) => (step.endedAt === null ? { ...step, endedAt: event.at } : step)) : run.steps,
  };
}

const STEP: ReadonlyMap<string, Segment['status']> = new Map<string, Segment['status']>([
  ['started', 'running'],
  ['waiting', 'waiting'],
  ['retrying', 'retrying'],
  ['interrupted', 'unknown'],
  ['unknown', 'unknown'],
  ['done', 'done'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
]);
const OPEN = new Set<Segment['status']>(['running', 'waiting']);

/** Of a step with items, only that it goes on is known before it is summed up. */
function afterStep(run: BoardRun, { step, item, at, data }: BoardEvent, what: string): BoardRun {
  const outcome = STEP.get(what);
  if (step === null || outcome === undefined) return run;
  const status = item !== null && item >= 0 ? 'running' : outcome;
  const known = run.steps.find(({ id }) => id === step);
  const segment: Segment = {
    id: step,
    status,
    word: status === 'done' || status === 'failed' ? text(members(data)['word']) : null,
    startedAt: known?.startedAt ?? at,
    endedAt: OPEN.has(status) ? null : at,
    wakeAt: status === 'waiting' ? text(members(data)['until']) : null,
    steps: known?.steps ?? 1,
  };
  const settled = (status === 'done' || status === 'skipped') && !step.includes('/');
  const asksNow = outcome === 'waiting' && text(members(data)['until']) === null;
  return {
    ...run,
    asksPerson: run.asksPerson || asksNow,
    steps: known ? run.steps.map((one) => (one === known ? segment : one)) : [...run.steps, segment],
    progress: settled ? { ...run.progress, done: Math.min(run.progress.total, run.progress.done + 1) } : run.progress,
  };
}

function waitOf(data: Record<string, unknown>): BoardRun['waiting'] {
  const [code, what, mend] = [text(data['code']), text(data['what']), text(data['mend'])];
  if (code === null) return null;
  return { code, what: what ?? '', mend: mend ?? '', step: text(data['step']), until: null };
}

function faultOf(value: unknown): BoardRun['error'] {
  const { code, message } = members(value);
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : null;
}

const members = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
