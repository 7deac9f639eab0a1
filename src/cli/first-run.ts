import { join } from 'node:path';
import { hasEnded } from '#ir/state.js';
import { type FirstRunProps, startFirstRun } from '#operations/first-run.js';
import { followRun } from '#operations/follow.js';
import { invoke } from '#operations/invoke.js';
import { keepBundle } from '#operations/proofs/keep.js';
import type { Room } from '#operations/room.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';
import { printRun } from './summary.js';

export interface FirstRun {
  readonly run: RunView;
  /** Where the proof bundle lies that was checked; undefined when the run was left before its end. */
  readonly bundle: string | undefined;
}

const REDRAW_MS = 250;

/** Runs the example over this package, shows how it goes and what it came to, and checks its proof. */
export async function showFirstRun(
  room: Room,
  { props, url, leave }: { props: FirstRunProps; url: string; leave: AbortSignal },
  output: Output,
): Promise<FirstRun> {
  const runId = await startFirstRun(room, props, url);
  output.note('The first run: examples/first-run.md, a runbook over this package, its database and the room itself.');
  await followLive(room, runId, leave, output);
  await props.close();
  const run = await invoke(getRun, { run: runId }, room);
  if (!hasEnded(run.status)) return { run, bundle: undefined };
  printRun(run, output);
  const { file, report } = await keepBundle(room, runId, join(room.home, 'bundles'));
  const checks = report.checks.map(({ name }) => name).join(', ');
  output.print(`\nProof: ${file}\n  verified just now (${checks}); anybody can: opsroom verify ${file}`);
  return { run, bundle: file };
}

/** Shows progress until the run has ended and is sealed, or `leave` aborts. */
export async function followLive(room: Room, runId: string, leave: AbortSignal, output: Output): Promise<void> {
  const { clock } = room.ports;
  const { progress: known } = await invoke(getRun, { run: runId }, room);
  const progress = new Progress(0, known.total, clock.now().getTime());
  const draw = () => output.status(progress.summary(clock.now().getTime()));
  const timer = output.live ? setInterval(draw, REDRAW_MS) : undefined;
  try {
    for await (const event of followRun(room, runId, { signal: leave })) {
      const line = progress.take(event);
      if (line !== undefined && !(output.live && event.type === 'step.started')) output.note(line);
      if (output.live) draw();
      else if (event.type === 'step.done') output.note(`  ${progress.summary(event.at.getTime())}`);
    }
  } finally {
    clearInterval(timer);
    output.status(undefined);
  }
}
