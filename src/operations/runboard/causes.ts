import type { BoardRunView, BoardWorker, Cause, LaneView, Need } from './shape.js';

export interface CauseFacts {
  readonly lanes: readonly LaneView[];
  readonly runs: readonly BoardRunView[];
  readonly workers: readonly BoardWorker[];
  readonly needs: readonly Need[];
  /** All that wait for a person, also those that are not shown. */
  readonly needsYou: number;
  /** How many of those go on beside what they ask. */
  readonly atWork: number;
}

/** Why work waits: one line for each cause, those that nobody resolves by waiting first. */
export function causesOf(facts: CauseFacts): Cause[] {
  const held = (code: string) => facts.runs.filter(({ waiting }) => waiting?.code === code);
  return [
    ...byHost(held('NO_WORKER'), facts.workers),
    ...facts.lanes.flatMap((lane) => fullLane(lane, facts.runs)),
    ...each(held('USER_LIMIT'), ({ requestedBy }) => requestedBy, overLimit),
    ...each(held('KEY_HELD'), ({ waiting }) => waiting?.what ?? '', keyHeld),
    ...forYou(facts),
  ];
}

function byHost(runs: readonly BoardRunView[], workers: readonly BoardWorker[]): Cause[] {
  return each(
    runs,
    ({ host }) => host ?? '',
    (waiting) => {
      const host = waiting[0]?.host ?? null;
      const silent = workers.filter((worker) => worker.state === 'silent' && (host === null || worker.host === host));
      const last = silent
        .map(({ lastBeatAt }) => lastBeatAt)
        .sort()
        .at(-1);
      return {
        ...basis('NO_WORKER', waiting),
        title: host === null ? 'No worker' : `No worker on ${host}`,
        what: `${countOf(waiting.length)}.`,
        mend: host === null ? 'npx opsroom worker' : `On ${host}: npx opsroom worker`,
        host,
        lastBeatAt: last ?? null,
      };
    },
  );
}

/** A lane whose places are all held by runs that wait for a worker is not what they wait for. */
function fullLane(lane: LaneView, runs: readonly BoardRunView[]): Cause[] {
  if (lane.depth === 0 || lane.inUse < lane.width) return [];
  const there = runs.filter((run) => run.lane === lane.lane);
  const holding = there.filter(({ status }) => status === 'released' || status === 'running' || status === 'pausing');
  if (holding.length > 0 && holding.every(({ waiting }) => waiting?.code === 'NO_WORKER')) return [];
  const first = soonest(holding);
  return [
    {
      ...basis('LANE_FULL', []),
      title: `Lane ${lane.lane} is full`,
      what: `${countOf(lane.depth)}.`,
      mend: first === undefined ? 'A run that ends, or is cancelled, frees a place.' : 'That run should free a place.',
      runs: lane.depth,
      since: lane.oldestWaitSince,
      lane: lane.lane,
      ends: first ? { runId: first.runId, title: first.title, at: first.expected?.p50At ?? null } : null,
    },
  ];
}

/** The run that should end first, as far as anything is known of when. */
function soonest(runs: readonly BoardRunView[]): BoardRunView | undefined {
  const known = runs.filter(({ expected }) => expected !== null);
  return known.sort((a, b) => ((a.expected?.p50At ?? '') < (b.expected?.p50At ?? '') ? -1 : 1))[0];
}

function overLimit(runs: readonly BoardRunView[]): Cause {
  const [first] = runs;
  return {
    ...basis('USER_LIMIT', runs),
    title: `${first?.requestedBy} is at the limit`,
    what: `${countOf(runs.length)}. ${first?.waiting?.what ?? ''}`,
    mend: 'Wait for one to end, or cancel one.',
  };
}

function keyHeld(runs: readonly BoardRunView[]): Cause {
  const waiting = runs[0]?.waiting;
  return {
    ...basis('KEY_HELD', runs),
    title: 'Another run holds the key',
    what: `${countOf(runs.length)}. ${waiting?.what ?? ''}`,
    mend: waiting?.mend ?? '',
  };
}

function forYou({ needs, needsYou, atWork }: CauseFacts): Cause[] {
  if (needsYou === 0) return [];
  const [oldest] = [...needs].sort((a, b) => (a.since < b.since ? -1 : 1));
  return [
    {
      ...basis('PERSON', []),
      title: 'Waiting for you',
      what: `${needsYou === 1 ? '1 decision' : `${needsYou} decisions`}. ${meanwhile(needsYou, atWork)}`,
      mend: 'Decide under “Needs you”.',
      runs: needsYou,
      since: oldest?.since ?? null,
    },
  ];
}

function meanwhile(needsYou: number, atWork: number): string {
  if (atWork === 0)
    return needsYou === 1 ? 'Meanwhile it takes no slot of its lane.' : 'Meanwhile they take no slots of their lanes.';
  if (atWork < needsYou) return 'Runs that do nothing else meanwhile take no slots of their lanes.';
  return needsYou === 1 ? 'Meanwhile the rest of its run goes on.' : 'Meanwhile the rest of their runs goes on.';
}

function basis(code: Cause['code'], runs: readonly BoardRunView[]): Omit<Cause, 'title' | 'what' | 'mend'> {
  const since = runs.map((run) => run.since).sort()[0] ?? null;
  return { code, runs: runs.length, since, lane: null, host: null, lastBeatAt: null, ends: null };
}

function each(
  runs: readonly BoardRunView[],
  keyOf: (run: BoardRunView) => string,
  causeOf: (runs: readonly BoardRunView[]) => Cause,
): Cause[] {
  const groups = new Map<string, BoardRunView[]>();
  for (const run of runs) {
    const key = keyOf(run);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups.values()].map(causeOf);
}

const countOf = (runs: number): string => (runs === 1 ? '1 run waits' : `${runs} runs wait`);
