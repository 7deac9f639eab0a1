import type { Database } from '#db/database.js';
import type { Plan } from '#ir/plan.js';
import type { ProofBody } from '#ir/proof.js';
import { hasEnded, whyNot } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { PAUSED } from './decide/units.js';
import { chainHead, hasQuestion, loadPlan, ownSteps } from './ledger/store.js';
import type { Ports } from './ports.js';
import type { RunRow, SignalKind, SignalPayload } from './records.js';
import { changeUnowned, findRun, insertSignal, type UnownedChange } from './runs/store.js';
import type { Sql } from './sql.js';
import { whyNothingToUndo } from './undoable.js';
import { fillLanes } from './workers/release.js';

export interface Signal {
  readonly org: string;
  readonly run: string;
  readonly kind: SignalKind;
  readonly payload: SignalPayload;
  readonly by: string;
}

interface UnownedOrder extends UnownedChange {
  /** The signal is left for whoever takes the run. */
  readonly keepSignal: boolean;
}

/**
 * Tells a run something. Only the owner appends to an owned run's chain, so for such a run this leaves a signal; a run
 * that nobody owns is changed here, under the lock of its row.
 *
 * @returns the status the run has now
 * @throws OpsroomError NOT_FOUND, NOT_ALLOWED_NOW
 */
export async function sendSignal(
  database: Database,
  ports: Pick<Ports, 'link' | 'clock' | 'seal'>,
  signal: Signal,
): Promise<RunRow['status']> {
  const status = await database.engineTx(async (tx) => {
    const run = await findRun(tx, signal.org, signal.run, true);
    if (!run) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: signal.run });
    const why = whyNot(signal.kind, run.status);
    if (why) throw new OpsroomError('NOT_ALLOWED_NOW', { what: why, where: `run ${run.id}` });
    const plan = await loadPlan(tx, run.org_id, run.plan_digest);
    if (signal.kind === 'rollback' && plan) await requireUndoable(tx, run, plan);
    const asks = signal.kind === 'cancel' && (await hasQuestion(tx, run.org_id, run.id));
    const change = unownedChange(signal.kind, run, { undoes: plan?.onCancel === 'rollback', asks });
    if (!change) {
      await insertSignal(tx, signal.org, signal.run, signal.kind, signal.payload, signal.by);
      return run.status;
    }
    await applyUnowned(tx, ports, signal, run, change);
    return change.status;
  });
  // What was asked for is done. Housekeeping seals what is left unsealed, and says why it cannot be.
  if (hasEnded(status)) await ports.seal(signal.org, signal.run).catch(() => undefined);
  else await fillLanes(database.engine);
  return status;
}

/** Said here and not by a worker: to take the run up would move the time of its end. */
async function requireUndoable(tx: Sql, run: RunRow, plan: Plan): Promise<void> {
  const what = whyNothingToUndo(plan, await ownSteps(tx, run.org_id, run.id));
  if (what === undefined) return;
  const mend =
    run.parent_id && `What it took over is undone with the run that did it: \`opsroom rollback ${run.parent_id}\`.`;
  throw new OpsroomError('NOT_ALLOWED_NOW', { what, where: `run ${run.id}`, ...(mend ? { mend } : {}) });
}

const PAUSED_UNOWNED: UnownedOrder = { status: 'paused', parked: PAUSED, ended: false, keepSignal: false };
const CANCELLED: UnownedOrder = { status: 'cancelled', parked: null, ended: true, keepSignal: false };
const GO_ON: UnownedOrder = { status: 'queued', parked: null, ended: false, keepSignal: false };
/** What people say of single steps; `commit_turns` knows the same kinds. */
const WORDS_ON_STEPS: ReadonlySet<SignalKind> = new Set(['confirm', 'answer', 'resolve']);
/** What is asked needs the plan: a worker takes the run and obeys. */
const HAND_OVER: UnownedOrder = { ...GO_ON, keepSignal: true };

/**
 * How a signal changes a run without an owner; undefined when it is left for whoever takes the run: its owner, or who resumes it.
 *
 * @param run without a status: as a run is changed that nobody has paused
 * @param cancelled what follows from a cancel: `undoes`, by its plan; `asks`, of a tool that was called and has asked, whose end is proven
 */
export function unownedChange(
  kind: SignalKind,
  run: Pick<RunRow, 'owner' | 'started_at'> & Partial<Pick<RunRow, 'status'>>,
  cancelled: { readonly undoes: boolean; readonly asks: boolean },
): UnownedOrder | undefined {
  if (run.owner !== null) return undefined;
  if (kind === 'pause') return PAUSED_UNOWNED;
  if (kind === 'resume') return GO_ON;
  // To obey it a worker would have to take the run up, which goes on by nothing but being resumed.
  if (run.status === 'paused' && WORDS_ON_STEPS.has(kind)) return undefined;
  const nothingToUndo = !cancelled.undoes || run.started_at === null;
  return kind === 'cancel' && nothingToUndo && !cancelled.asks ? CANCELLED : HAND_OVER;
}

async function applyUnowned(
  tx: Sql,
  ports: Pick<Ports, 'link' | 'clock'>,
  signal: Signal,
  run: RunRow,
  change: UnownedOrder,
): Promise<void> {
  const { reason, step } = signal.payload;
  if (change.keepSignal) await insertSignal(tx, signal.org, signal.run, signal.kind, signal.payload, signal.by);
  const body: ProofBody = { type: 'signal', kind: signal.kind, by: signal.by, reason, ...(step ? { step } : {}) };
  const record = ports.link(await chainHead(tx, run.org_id, run.id), run.id, ports.clock.now(), body);
  const data = { kind: signal.kind, by: signal.by, reason, outcome: change.status };
  await changeUnowned(tx, run, change, record, { type: `run.${change.status}`, data });
}
