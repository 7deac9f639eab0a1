import { followRun } from '#operations/follow.js';
import { invoke } from '#operations/invoke.js';
import { type Driving, driveRun, hasLiveWorker, restartedAs } from '#operations/runs/advance.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import { shortId } from '#operations/runs/reference.js';
import { pauseRun } from '#operations/runs/signals.js';
import { onInterrupt } from './interrupt.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';
import type { Session } from './session.js';

export interface Watched {
  readonly run: RunView;
  /** The user left while others go on with the run. */
  readonly detached: boolean;
}

const REDRAW_MS = 250;

/**
 * Stays with a run until it has ended or waits for a person. When nobody on this machine would execute it, this process
 * does; else it only follows. Ctrl-C pauses the run in the first case, and leaves it alone in the second.
 *
 * @param after number of the last event that is known already
 */
export async function watchRun(session: Session, runId: string, after: number, output: Output): Promise<Watched> {
  const { room } = session;
  for (let id = runId, seen = after; ; seen = 0) {
    const detached = await follow(session, id, seen, output);
    const run = await invoke(getRun, { run: id }, room);
    const next = run.status === 'failed' || run.status === 'rolled_back' ? await restartedAs(room, id) : undefined;
    if (next === undefined || detached) return { run, detached };
    output.note(`Run ${shortId(id)} failed; its plan starts it anew as run ${shortId(next)}.`);
    id = next;
  }
}

/** This process executes the run unless a worker of this host lives, or the run belongs to another host. */
async function driverFor(session: Session, runId: string, output: Output): Promise<Driving | undefined> {
  const { room, config } = session;
  const run = await invoke(getRun, { run: runId }, room);
  if (run.host !== null && run.host !== room.host) {
    output.note(`The run belongs to host ${run.host}; following it.`);
    return undefined;
  }
  if (await hasLiveWorker(room, config.leaseMs)) return undefined;
  if (run.status === 'running' || run.status === 'pausing') {
    const seconds = Math.ceil(config.leaseMs / 1000);
    output.note(
      `Run ${run.shortId} is held by another process. If that died, it is taken over here after its lease of ${seconds} s.`,
    );
  }
  return driveRun(session, runId);
}

/** @returns whether the user left */
async function follow(session: Session, runId: string, after: number, output: Output): Promise<boolean> {
  const { room } = session;
  const driving = await driverFor(session, runId, output);
  const leaving = new AbortController();
  // A worker that cannot go on leaves a run that nobody here advances: waiting would not end.
  driving?.done.catch(() => leaving.abort());
  const release = onInterrupt(() => (driving ? pause(session, runId, output) : leaving.abort()));
  const view = await invoke(getRun, { run: runId }, room);
  const progress = progressOf(view, after);
  const draw = () => output.status(progress.summary(room.ports.clock.now().getTime()));
  const timer = output.live ? setInterval(draw, REDRAW_MS) : undefined;
  if (view.waiting && tellsHold(view.waiting.code, driving)) output.note(view.waiting.what);
  if (after > 0) output.note(`Run ${view.shortId}: ${progress.summary(room.ports.clock.now().getTime())}`);
  try {
    for await (const event of followRun(room, runId, { after, signal: leaving.signal })) {
      const line = progress.take(event);
      if (line !== undefined && !(output.live && event.type === 'step.started')) output.note(line);
      if (output.live) draw();
    }
    await driving?.done;
  } finally {
    release();
    clearInterval(timer);
    output.status(undefined);
    await driving?.stop(session.config.drainMs);
  }
  return leaving.signal.aborted;
}

/** A person ends the following, and is told of at its end: said here, it would stand before what happened until then. */
const AT_THE_END: ReadonlySet<string> = new Set(['MANUAL', 'INPUT', 'UNKNOWN']);

/** This process is the worker that is missing; and the next in a lane is soon there. */
function tellsHold(code: string, driving: Driving | undefined): boolean {
  return code !== 'NEXT' && !AT_THE_END.has(code) && !(driving && code === 'NO_WORKER');
}

/** What was known before the first event that will be seen; before the very first one, only what was taken over. */
function progressOf(view: RunView, after: number): Progress {
  const { steps, progress } = view;
  const started = Date.parse(view.startedAt ?? view.createdAt);
  if (after > 0)
    return new Progress(
      progress.done,
      progress.total,
      started,
      steps.filter(({ status }) => status === 'running'),
    );
  return new Progress(steps.filter(({ reusedFrom }) => reusedFrom !== null).length, progress.total, started);
}

function pause(session: Session, runId: string, output: Output): void {
  const short = shortId(runId);
  output.note(
    `Pausing: steps that run are let finish. Go on with \`opsroom resume ${short}\`. Ctrl-C again ends this at once.`,
  );
  invoke(pauseRun, { run: runId, reason: 'Ctrl-C' }, session.room).catch((error: unknown) =>
    output.note(`The run could not be paused: ${error instanceof Error ? error.message : String(error)}`),
  );
}
