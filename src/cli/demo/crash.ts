import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { type DemoRoom, ownerOf, startCrashRun } from '#operations/demo.js';
import { invoke } from '#operations/invoke.js';
import { keepBundle } from '#operations/proofs/keep.js';
import { getRun } from '#operations/runs/get.js';
import { followLive } from '../first-run.js';
import { duration } from '../format.js';
import type { Output } from '../output.js';
import { type ChildWorker, startChildWorker } from './child-worker.js';
import { readWorld, type World, wrongSteps } from './world.js';

/** What the demonstration found; `ok` when all of it held. */
export interface CrashReport {
  readonly ok: boolean;
  readonly runId: string;
  readonly status: string;
  /** Process ids. */
  readonly killed: number;
  readonly tookOver: number | null;
  /** From the kill to the takeover. */
  readonly takeoverMs: number | null;
  readonly steps: number;
  readonly effects: number;
  /** Steps whose effect was not made exactly once. */
  readonly wrong: readonly string[];
  /** Steps whose script began more than once. */
  readonly begunAgain: readonly string[];
  readonly proof: 'verified' | 'broken' | 'missing';
}

export const LEASE_MS = 3000;
/** The step that is cut short, and how long each step takes after its effect: long enough to be killed in its middle. */
const VICTIM = 'migrate';
const STEP_SECONDS = 1.5;
const POLL_MS = 20;
/** A lease, a heartbeat and some for a slow machine. */
const PATIENCE_MS = 60_000;

interface Stage {
  readonly open: DemoRoom;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly leave: AbortSignal;
}

/** Kills the worker that executes a run in the middle of a step, and looks whether that made a difference. */
export async function crashDemo({ open, output, leave }: Stage): Promise<CrashReport> {
  const { room } = open;
  const world = join(room.home, 'world');
  await mkdir(world);
  const workers: ChildWorker[] = [];
  const over = new AbortController();
  let following = Promise.resolve();
  try {
    for (let n = 0; n < 2; n++) workers.push(await startChildWorker(room.home, LEASE_MS));
    const pids = workers.map(({ pid }) => pid);
    output.note(`Two workers run: ${pids.join(' and ')}; a dead one is deposed after ${duration(LEASE_MS)}.`);
    const runId = await startCrashRun(room, world, STEP_SECONDS);
    following = followLive(room, runId, AbortSignal.any([leave, over.signal]), output);
    following.catch(() => undefined); // it is awaited below, but may fail before
    const kill = await killInTheMiddle({ open, output, leave }, runId, { world, workers });
    await following;
    return await judge(open, runId, { ...kill, world: await lookAt(world) });
  } finally {
    over.abort();
    await following.catch(() => undefined);
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

interface Kill {
  readonly killed: number;
  readonly tookOver: number | null;
  readonly takeoverMs: number | null;
}

async function killInTheMiddle(
  { open: { room }, output, leave }: Stage,
  runId: string,
  { world, workers }: { world: string; workers: readonly ChildWorker[] },
): Promise<Kill> {
  await until(async () => (await lookAt(world)).effects.has(VICTIM), leave, `step ${VICTIM} to begin`);
  const owner = await ownerOf(room, runId);
  const victim = workers.find(({ pid }) => pid === owner);
  if (!victim) throw new OpsroomError('INTERNAL', { what: 'The run is not executed by one of the two workers.' });
  const { clock } = room.ports;
  const from = clock.monotonicMs();
  victim.kill();
  output.note(`✂ kill -9 ${victim.pid}, in the middle of ${VICTIM}: its effect is made, and nobody has recorded it`);
  let tookOver: number | undefined;
  await until(
    async () => {
      const now = await ownerOf(room, runId);
      if (now !== victim.pid) tookOver = now;
      return tookOver !== undefined || hasEnded((await invoke(getRun, { run: runId }, room)).status);
    },
    leave,
    'the other worker to take over',
  );
  if (tookOver === undefined) return { killed: victim.pid, tookOver: null, takeoverMs: null };
  const takeoverMs = Math.round(clock.monotonicMs() - from);
  output.note(`↷ worker ${tookOver} took over ${duration(takeoverMs)} after the kill`);
  return { killed: victim.pid, tookOver, takeoverMs };
}

async function until(condition: () => Promise<boolean>, leave: AbortSignal, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (leave.aborted) throw new OpsroomError('CANCELLED', { what: 'The demonstration was interrupted.' });
    if (performance.now() > end) throw new OpsroomError('STEP_TIMEOUT', { what: `Waited in vain for ${what}.` });
    await sleep(POLL_MS, leave);
  }
}

async function lookAt(world: string): Promise<World> {
  const read = (name: string) => readFile(join(world, name), 'utf8').catch(() => '');
  return readWorld(await read('effects'), await read('begun'));
}

async function judge(open: DemoRoom, runId: string, found: Kill & { world: World }): Promise<CrashReport> {
  const { killed, tookOver, takeoverMs, world } = found;
  const { status, steps } = await invoke(getRun, { run: runId }, open.room);
  const wrong = wrongSteps(
    world,
    steps.map(({ id }) => id),
  );
  const proof = await proofOf(open, runId);
  return {
    ok: status === 'succeeded' && tookOver !== null && wrong.length === 0 && proof === 'verified',
    runId,
    status,
    killed,
    tookOver,
    takeoverMs,
    steps: steps.length,
    effects: [...world.effects.values()].reduce((sum, n) => sum + n, 0),
    wrong,
    begunAgain: [...world.begun].filter(([, times]) => times > 1).map(([step]) => step),
    proof,
  };
}

async function proofOf({ room }: DemoRoom, runId: string): Promise<CrashReport['proof']> {
  try {
    return (await keepBundle(room, runId, join(room.home, 'bundles'))).report.ok ? 'verified' : 'broken';
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    return error.code === 'BUNDLE_BROKEN' ? 'broken' : 'missing';
  }
}
