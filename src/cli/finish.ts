import { hasEnded, type RunStatus, STATUS_WORDS } from '#ir/state.js';
import { readStanding } from '#operations/follow.js';
import { invoke } from '#operations/invoke.js';
import { getRun } from '#operations/runs/get.js';
import { INTERRUPTED } from './interrupt.js';
import type { Output } from './output.js';
import type { Session } from './session.js';
import { exitCodeOf, printRun, runResult, waitText } from './summary.js';
import { type Watched, watchRun } from './watch.js';

/**
 * Waits for a run and presents how it ended. Returns the exit code.
 *
 * @param wanted the end that was asked for, when it is not success
 */
export async function finishRun(
  session: Session,
  runId: string,
  after: number,
  output: Output,
  wanted?: RunStatus,
): Promise<number> {
  return presentEnd(await watchRun(session, runId, after, output), output, wanted);
}

/** Presents a run that was watched. Returns the exit code. */
export function presentEnd({ run, detached }: Watched, output: Output, wanted?: RunStatus): number {
  if (detached) {
    output.note(
      `The run goes on. Follow it with \`opsroom logs ${run.shortId} --follow\`, or see \`opsroom show ${run.shortId}\`.`,
    );
    output.result(runResult(run));
    return INTERRUPTED;
  }
  printRun(run, output);
  if (hasEnded(run.status))
    output.print(`\nProof: opsroom proofs ${run.shortId} --out FILE, then anywhere: opsroom verify FILE`);
  output.result(runResult(run));
  return run.status === wanted ? 0 : exitCodeOf(run.status);
}

/** Presents a run that others execute, or will. Returns the exit code. */
export async function leaveRun(session: Session, runId: string, output: Output): Promise<number> {
  const run = await invoke(getRun, { run: runId }, session.room);
  output.print(`Run ${run.runId} (${run.shortId}): ${STATUS_WORDS[run.status]}.`);
  if (run.waiting) output.print(waitText(run.waiting, 'It waits'));
  output.result(runResult(run));
  return 0;
}

/** Number of the last event of a run, for whoever wants to see only what comes. */
export async function lastEvent(session: Session, runId: string): Promise<number> {
  return (await readStanding(session.room, runId)).lastSeq;
}
