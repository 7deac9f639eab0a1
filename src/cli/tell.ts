import { hasEnded, type RunStatus } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { isParked, readStanding } from '#operations/follow.js';
import { invoke } from '#operations/invoke.js';
import type { Operation } from '#operations/operation.js';
import { answerToSignal } from '#operations/runs/advance.js';
import { resolveRun } from '#operations/runs/reference.js';
import { finishRun, lastEvent, leaveRun, presentEnd } from './finish.js';
import type { Output } from './output.js';
import type { Session } from './session.js';
import { watchRun } from './watch.js';

/** An operation that tells a run something. */
export type Telling<I> = Operation<I, { runId: string }>;

/**
 * Tells a run something that makes it go on, and stays with it until it ends or waits again.
 * @throws OpsroomError NOT_ALLOWED_NOW also when the run's owner refuses
 */
export async function tellAndFinish<I extends { run: string }>(
  session: Session,
  operation: Telling<I>,
  input: I,
  how: { readonly detach: boolean; readonly wanted?: RunStatus },
  output: Output,
): Promise<number> {
  const id = await resolveRun(session.room, input.run);
  const before = await lastEvent(session, id);
  await invoke(operation, { ...input, run: id }, session.room);
  if (how.detach) return leaveRun(session, id, output);
  const watched = await watchRun(session, id, before, output);
  await requireApplied(session, id, operation);
  return presentEnd(watched, output, how.wanted);
}

const LOOK_MS = 100;
const EFFECT_WITHIN_MS = 15_000;

/**
 * Tells a run to stop, and waits a while for it to obey: whoever executes it does so a moment later.
 * A run that must first undo its steps, and that nobody executes, is executed here.
 */
export async function tellAndLeave<I extends { run: string }>(
  session: Session,
  operation: Telling<I>,
  input: I,
  output: Output,
): Promise<number> {
  const { room } = session;
  const id = await resolveRun(room, input.run);
  const before = await readStanding(room, id);
  await invoke(operation, { ...input, run: id }, room);
  const after = await readStanding(room, id);
  if (after.owner === null && !hasEnded(after.status) && !isParked(after)) {
    return finishRun(session, id, before.lastSeq, output, 'cancelled');
  }
  const until = room.ports.clock.monotonicMs() + EFFECT_WITHIN_MS;
  for (let now = after; now.status === before.status && now.owner !== null; now = await readStanding(room, id)) {
    if (room.ports.clock.monotonicMs() > until) {
      output.note('It was told, and has not obeyed yet.');
      break;
    }
    await sleep(LOOK_MS);
  }
  await requireApplied(session, id, operation);
  return leaveRun(session, id, output);
}

async function requireApplied(session: Session, runId: string, operation: Pick<Operation, 'name'>): Promise<void> {
  const answer = await answerToSignal(session.room, runId, operation);
  if (!answer?.startsWith('refused: ')) return;
  throw new OpsroomError('NOT_ALLOWED_NOW', {
    what: `The run refused: ${answer.slice('refused: '.length)}.`,
    where: `run ${runId}`,
  });
}
