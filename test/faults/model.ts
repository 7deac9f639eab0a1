// The engine's protocol as a state machine small enough to explore whole (docs/engine-model.md): who may write to a run, and
// what becomes of a step that was cut short. Times are left out: whatever a clock could allow at some moment may happen.

export type Status =
  | 'queued'
  | 'released'
  | 'running'
  | 'waiting'
  | 'pausing'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'rolled_back'
  | 'cancelled';

/** The run's row, as far as ownership goes. */
export interface Row {
  readonly status: Status;
  readonly epoch: number;
  readonly owner: string | null;
}

const ENDED: readonly Status[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];
const OWNED: readonly Status[] = ['running', 'pausing'];
const RESTING: readonly Status[] = ['waiting', 'paused'];
const isOwned = (s: Status) => OWNED.includes(s);

/** Every way in which a run's row may change: its name, or undefined for a change that no part of the engine makes. */
export function transition(before: Row | null, after: Row): string | undefined {
  if (isOwned(after.status) !== (after.owner !== null)) return undefined;
  if (before === null) return after.status === 'queued' && after.epoch === 0 ? 'submit' : undefined;
  const step = after.epoch - before.epoch;
  const [from, to] = [before.status, after.status];
  if (step === 0) {
    if (isOwned(from) && isOwned(to)) return before.owner === after.owner ? 'commit' : undefined;
    if (isOwned(from) && (ENDED.includes(to) || RESTING.includes(to) || to === 'queued')) return 'commit';
    return from === 'waiting' && to === 'queued' ? 'wake' : undefined;
  }
  if (step !== 1) return undefined;
  if (from === 'queued' && to === 'released') return 'release';
  if (from === 'released' && to === 'running') return 'take';
  if (isOwned(from)) return to === 'released' || to === 'waiting' ? 'give up' : undefined;
  return ['queued', 'paused', 'cancelled'].includes(to) ? 'signal' : undefined;
}

// ── the whole protocol, for exploring ──

interface Attempt {
  /** none: not begun. running: written ahead. */
  readonly record: 'none' | 'running' | 'unknown' | 'asked' | 'done';
  /** How often the outside world saw it, and how often the ledger was told that it is done. */
  readonly effects: number;
  readonly dones: number;
}

/** What a worker believes: stale when the run's row says otherwise. */
interface Belief {
  readonly epoch: number;
  /** The step whose call is under way, with its write-ahead record committed; null: none. */
  readonly calling: number | null;
  readonly called: boolean;
  readonly pausing: boolean;
}

export interface World {
  readonly run: Row;
  readonly steps: readonly Attempt[];
  readonly workers: readonly {
    readonly registered: boolean;
    readonly alive: boolean;
    readonly belief: Belief | null;
  }[];
  /** A pause that was asked for and is not consumed yet. */
  readonly pauseOpen: boolean;
  /** People were told that the run is pausing: nothing may start until it has paused. */
  readonly promised: boolean;
  readonly broken: boolean;
  /** What may still be done to it, so that exploring ends. */
  readonly left: Readonly<Record<'crashes' | 'deposals' | 'losses' | 'pauses' | 'resumes', number>>;
}

export interface Bounds {
  readonly workers: number;
  readonly steps: number;
  readonly crashes: number;
  /** Living workers that are thought dead. */
  readonly deposals: number;
  /** Replies that do not arrive. */
  readonly losses: number;
  readonly pauses: number;
}

/** Whether each step is declared idempotent; the others are for a person to look at once they were cut short. */
export type Declared = readonly boolean[];

export function begin(bounds: Bounds): World {
  const { crashes, deposals, losses, pauses } = bounds;
  return {
    run: { status: 'queued', epoch: 0, owner: null },
    steps: Array.from({ length: bounds.steps }, () => ({ record: 'none' as const, effects: 0, dones: 0 })),
    workers: Array.from({ length: bounds.workers }, () => ({ registered: true, alive: true, belief: null })),
    pauseOpen: false,
    promised: false,
    broken: false,
    left: { crashes, deposals, losses, pauses, resumes: pauses },
  };
}

/** A flaw to build in, to see that the invariants would find it. */
export type Flaw = 'no fence' | 'blind redo' | 'take without release' | 'pause consumed early';

export type Action = readonly [name: string, next: World];

const replace = <T>(list: readonly T[], at: number, value: T): T[] => list.map((v, n) => (n === at ? value : v));

/** Everything that can happen next. */
export function actions(world: World, declared: Declared, flaw?: Flaw): Action[] {
  return [
    ...row(world),
    ...world.workers.flatMap((_, w) => [...worker(world, w, declared, flaw), ...fate(world, w)]),
    ...people(world),
  ];
}

function row(world: World): Action[] {
  const { run } = world;
  return run.status === 'queued'
    ? [['release', { ...world, run: { ...run, status: 'released', epoch: run.epoch + 1 } }]]
    : [];
}

function worker(world: World, w: number, declared: Declared, flaw: Flaw | undefined): Action[] {
  const { run, workers } = world;
  const me = workers[w];
  if (!me?.alive) return [];
  if (me.belief === null) {
    const free = run.status === 'released' || (flaw === 'take without release' && run.status === 'running');
    if (!free || !me.registered) return [];
    const epoch = run.epoch + 1;
    const belief = { epoch, calling: null, called: false, pausing: false };
    const taken = { ...world, run: { status: 'running' as const, epoch, owner: `w${w}` } };
    return [[`w${w} takes`, { ...taken, workers: replace(workers, w, { ...me, belief }) }]];
  }
  const fenced = run.epoch !== me.belief.epoch || run.owner !== `w${w}` || !isOwned(run.status);
  const lost: Action = [
    `w${w} finds itself fenced`,
    { ...world, workers: replace(workers, w, { ...me, belief: null }) },
  ];
  const { calling, called } = me.belief;
  // The call itself asks nobody: a fence cannot undo what happens outside.
  const call: Action[] =
    calling !== null && !called ? [[`w${w} calls ${calling}`, effect(world, w, me.belief, calling)]] : [];
  if (fenced && flaw !== 'no fence') return [...call, lost];
  return [...call, ...commits(world, w, me.belief, declared, flaw)];
}

function effect(world: World, w: number, belief: Belief, step: number): World {
  const attempt = world.steps[step] as Attempt;
  const steps = replace(world.steps, step, { ...attempt, effects: attempt.effects + 1 });
  return believe({ ...world, steps }, w, { ...belief, called: true });
}

function believe(world: World, w: number, belief: Belief | null): World {
  return { ...world, workers: world.workers.map((v, n) => (n === w ? { ...v, belief } : v)) };
}

/** What the owner may commit now; each is one statement, fenced. */
function commits(world: World, w: number, belief: Belief, declared: Declared, flaw: Flaw | undefined): Action[] {
  const set = (n: number, change: Partial<Attempt>) =>
    replace(world.steps, n, { ...(world.steps[n] as Attempt), ...change });
  if (belief.calling !== null) {
    if (!belief.called) return [];
    const done = set(belief.calling, { record: 'done', dones: (world.steps[belief.calling] as Attempt).dones + 1 });
    return [
      [
        `w${w} commits done ${belief.calling}`,
        believe({ ...world, steps: done }, w, { ...belief, calling: null, called: false }),
      ],
    ];
  }
  const cut = world.steps.findIndex((s) => s.record === 'running');
  if (cut >= 0) {
    const record = declared[cut] || flaw === 'blind redo' ? 'unknown' : 'asked';
    return [[`w${w} finds ${cut} cut short`, { ...world, steps: set(cut, { record }) }]];
  }
  if (world.pauseOpen && !belief.pausing) {
    const run = { ...world.run, status: 'pausing' as const };
    // Consumed only once the run has paused: whoever takes over before must obey it as well.
    const pausing = { ...world, run, promised: true, pauseOpen: flaw !== 'pause consumed early' };
    return [[`w${w} obeys pause`, believe(pausing, w, { ...belief, pausing: true })]];
  }
  const rest = (status: Status): World =>
    believe({ ...world, pauseOpen: false, promised: false, run: { ...world.run, status, owner: null } }, w, null);
  if (world.steps.every((s) => s.record === 'done')) return [[`w${w} ends`, rest('succeeded')]];
  if (belief.pausing) return [[`w${w} pauses`, rest('paused')]];
  // One after the other, as a chain of steps; parallel steps differ in nothing that is modelled here.
  const next = world.steps.findIndex((s) => s.record !== 'done');
  if (world.steps[next]?.record === 'asked') return [[`w${w} parks`, rest('waiting')]];
  const started = { ...world, broken: world.broken || world.promised, steps: set(next, { record: 'running' }) };
  return [[`w${w} starts ${next}`, believe(started, w, { ...belief, calling: next })]];
}

/** What happens to workers: they die, are thought dead, come back. */
function fate(world: World, w: number): Action[] {
  const { run, left } = world;
  const me = world.workers[w];
  if (!me) return [];
  const list: Action[] = [];
  const change = (next: Partial<typeof me>) => replace(world.workers, w, { ...me, ...next });
  if (me.alive && left.crashes > 0)
    list.push([
      `w${w} dies`,
      { ...world, workers: change({ alive: false, belief: null }), left: { ...left, crashes: left.crashes - 1 } },
    ]);
  const given = run.owner === `w${w}` ? { status: 'released' as const, epoch: run.epoch + 1, owner: null } : run;
  if (me.registered && (!me.alive || left.deposals > 0)) {
    const deposals = me.alive ? left.deposals - 1 : left.deposals;
    list.push([
      `w${w} is deposed`,
      { ...world, run: given, workers: change({ registered: false }), left: { ...left, deposals } },
    ]);
  }
  const idle = me.belief !== null && (me.belief.calling === null || me.belief.called);
  if (me.alive && idle && left.losses > 0)
    list.push([
      `w${w} loses a reply`,
      { ...world, workers: change({ belief: null }), left: { ...left, losses: left.losses - 1 } },
    ]);
  // It owns the run and does not know: the reply to its take or its last commit was lost.
  if (me.alive && me.belief === null && given !== run) list.push([`w${w} resigns`, { ...world, run: given }]);
  // A new process, or a deposed one that starts anew under another name; its old beliefs end first.
  if (!me.registered && me.belief === null)
    list.push([`w${w} joins`, { ...world, workers: change({ alive: true, registered: true }) }]);
  return list;
}

function people(world: World): Action[] {
  const { run, left } = world;
  const list: Action[] = [];
  if (left.pauses > 0 && isOwned(run.status))
    list.push(['pause is asked for', { ...world, pauseOpen: true, left: { ...left, pauses: left.pauses - 1 } }]);
  if (left.resumes > 0 && run.status === 'paused') {
    const queued = { status: 'queued' as const, epoch: run.epoch + 1, owner: null };
    list.push(['resume', { ...world, run: queued, left: { ...left, resumes: left.resumes - 1 } }]);
  }
  return list;
}

/** What must hold in every state; undefined when it does. */
export function violation(world: World, declared: Declared): string | undefined {
  for (const [n, step] of world.steps.entries()) {
    if (step.dones > 1) return `step ${n} was done twice`;
    if (step.effects > 1 && !declared[n]) return `step ${n} had its effect twice`;
    if (step.record === 'done' && step.effects === 0) return `step ${n} is done without effect`;
  }
  const owners = world.workers.filter((w, n) => w.belief?.epoch === world.run.epoch && world.run.owner === `w${n}`);
  if (owners.length > 1) return 'two owners';
  if (world.broken) return 'a step started in a run that was pausing';
  if (world.run.status === 'succeeded' && world.steps.some((s) => s.record !== 'done'))
    return 'succeeded with a step undone';
  return undefined;
}

/** The run has come to rest: ended, or parked for somebody. */
export const atRest = ({ run }: World): boolean => ENDED.includes(run.status) || RESTING.includes(run.status);
