import { z } from 'zod';
import { tally } from '#authorise/approvals/tally.js';
import { approvalsOf } from '#authorise/intents/store.js';
import type { Held } from '#execute/ports.js';
import { standingFault } from '#execute/views/fault.js';
import { type StepState, stepStates } from '#execute/views/steps.js';
import {
  heldSteps,
  queueFacts,
  type ViewedAttempt,
  type ViewedRun,
  viewAttempts,
  viewRun,
} from '#execute/views/store.js';
import { type Hold, holdOf, rateHoldOf } from '#execute/views/waiting.js';
import type { Allowlist } from '#ir/allowlist.js';
import { declinedIn } from '#ir/declined.js';
import { failedStep } from '#ir/failed-step.js';
import { openQuestionSchema } from '#ir/question.js';
import { type ActionState, hasEnded, RUN_ACTIONS, runStatusSchema } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { type Spent, spent } from '../models/store.js';
import { showSpent, spentView } from '../models/view.js';
import { operation } from '../operation.js';
import { jsonObject } from '../plans/input.js';
import { attemptView } from '../steps/view.js';
import { actionsOf } from './actions.js';
import { askedBeside, askingIn } from './asked-beside.js';
import { askedOf } from './asked-of.js';
import { type RunCost, runCost, runCostView } from './cost.js';
import { agentUse } from './cost-store.js';
import { type RunHead, runHead } from './head-store.js';
import { filled } from './mend.js';
import { effectsLeft, type NotUndone, WHY_NOT_UNDONE } from './not-undone.js';
import { resolveRun, runReference, shortId } from './reference.js';

const fault = z.object({ code: z.string(), message: z.string(), mend: z.string() });
const at = z.string().nullable();

const stepShape = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['pending', 'running', 'waiting', 'retrying', 'unknown', 'done', 'failed', 'skipped', 'cancelled']),
  word: z.string().nullable(),
  attempts: z.int(),
  startedAt: at,
  endedAt: at,
  error: fault.nullable(),
  isolation: z.string().nullable(),
  person: z.object({ by: z.string(), reason: z.string() }).nullable(),
  wakeAt: at,
  /** The rate that holds its call back, and when about the next may be made; null: none does. */
  held: z.object({ limit: z.string(), perSecond: z.number(), burst: z.int(), until: z.string() }).nullable(),
  /** What its tool asks of a person now; of several items that ask, the first. */
  question: openQuestionSchema.nullable(),
  reusedFrom: z.string().nullable(),
  items: z.object({ total: z.int(), done: z.int(), failed: z.int() }).nullable(),
  verdicts: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      required: z.boolean(),
      passed: z.boolean(),
      proven: z.boolean(),
      word: z.string(),
      summary: z.string(),
    }),
  ),
  /** When each attempt ran, of a step that was tried more than once and has no items; otherwise empty. */
  tries: z.array(z.object({ status: attemptView.shape.status, startedAt: z.string(), endedAt: at })),
});

export const runView = z.object({
  runId: z.string(),
  shortId: z.string(),
  title: z.string(),
  status: runStatusSchema,
  /** The verdict on the whole run, once it has ended. */
  word: z.string().nullable(),
  planDigest: z.string(),
  inputs: jsonObject,
  target: jsonObject,
  lane: z.string(),
  priority: z.int(),
  requestedBy: z.string(),
  host: z.string().nullable(),
  workspace: z.string(),
  parent: z.string().nullable(),
  /** The intent that it runs for; null: it was started directly. */
  intent: z.string().nullable(),
  /** Who agreed to that, or asked to break the glass for it; none: nobody had to. */
  approvals: z.array(
    z.object({
      by: z.string(),
      role: z.string().nullable(),
      reason: z.string(),
      breakGlass: z.boolean(),
      at: z.string(),
    }),
  ),
  /** Two people broke the glass, which is no approval: who they are; none: nobody did, or one person alone. */
  glassBrokenBy: z.array(z.string()),
  rollingBack: z.boolean(),
  createdAt: z.string(),
  startedAt: at,
  endedAt: at,
  durationMs: z.int(),
  error: fault.nullable(),
  /** Why it does not move, and the way on. */
  waiting: z
    .object({
      code: z.string(),
      what: z.string(),
      mend: z.string(),
      step: z.string().optional(),
      item: z.int().optional(),
    })
    .nullable(),
  /** What it asks of a person beside what goes on, in short: of several the first that was begun. `waiting` says more once nothing else goes on. */
  asks: z.object({ code: z.string(), what: z.string(), mend: z.string(), step: z.string(), item: z.int() }).nullable(),
  /** After a rollback: the steps whose effect stays, and why. */
  notUndone: z.array(
    z.object({
      step: z.string(),
      title: z.string(),
      why: z.enum(WHY_NOT_UNDONE),
    }),
  ),
  /** Questions in front of steps to which somebody said no, and what that left out. */
  declined: z.array(z.object({ step: z.string(), by: z.string(), reason: z.string(), notDone: z.array(z.string()) })),
  wakeAt: at,
  /** Number of the latest event that is in here; live events go on after it. */
  seq: z.int(),
  progress: z.object({ done: z.int(), total: z.int() }),
  allowed: z.array(z.enum(RUN_ACTIONS)),
  /** Every action, with the reason where it is not possible: of the run's state, or of who asks. */
  actions: z.array(z.object({ action: z.enum(RUN_ACTIONS), allowed: z.boolean(), why: z.string().nullable() })),
  /** Lists of what it may call, each of which must name a call; none: whatever the room has. */
  mayCall: z.array(z.object({ of: z.enum(['plan', 'run', 'session']), tools: z.array(z.string()) })),
  /** Who executes it now. */
  worker: z.object({ id: z.string(), host: z.string().nullable(), epoch: z.int() }).nullable(),
  /** On language models for the plan that it executes; null: none was asked. */
  spent: spentView.nullable(),
  /** All that it cost as far as that is known; null: nothing was spent. */
  cost: runCostView.nullable(),
  steps: z.array(stepShape),
});
export type RunView = z.infer<typeof runView>;

export const getRun = operation({
  name: 'runs.get',
  summary:
    'Show one run: its steps with attempts and verdicts, what it waits for and why, and what can be done with it now.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: runView,
  run: async ({ run: reference }, room): Promise<RunView> => {
    const id = await resolveRun(room, reference);
    const { head, run, attempts, held, facts, drafting, use, yeses } = await room.database.door(
      room.org,
      async (tx) => {
        const head = await runHead(tx, room.org, id);
        const found = await viewRun(tx, room.org, id);
        if (!found) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: reference });
        const rows = await viewAttempts(tx, room.org, id);
        const running = new Set(rows.filter(({ status }) => status === 'running').map(({ step }) => step));
        return {
          head,
          run: { ...found, parked: await askedOf(tx, room.org, found) },
          attempts: rows,
          held: await heldSteps(tx, room.org, id, hasEnded(found.status) ? [] : [...running]),
          facts: await queueFacts(tx, found),
          drafting: await spent(tx, room.org, found.plan_digest),
          use: await agentUse(tx, room.org, [id]),
          yeses: await yesesOf(tx, room.org, head.intent),
        };
      },
    );
    const now = room.ports.clock.now().getTime();
    const steps = stepStates(run.plan, run.status, attempts);
    const actions = actionsOf(run, steps, room.permissions);
    const hold = holdOf(run, facts, now) ?? rateHoldOf(steps, held);
    const rolledBack = run.mode === 'rollback' && hasEnded(run.status);
    const left = rolledBack ? await effectsLeft(run.plan, steps, room.contracts.tools) : [];
    return shown(
      run,
      {
        head,
        yeses,
        steps,
        actions,
        held,
        hold,
        asks: asksOf(run, attempts),
        left,
        drafting,
        cost: runCost(use, drafting),
      },
      now,
    );
  },
});

type Yeses = Pick<RunView, 'approvals' | 'glassBrokenBy'>;

async function yesesOf(tx: Parameters<typeof approvalsOf>[0], org: string, intent: string | null): Promise<Yeses> {
  if (intent === null) return { approvals: [], glassBrokenBy: [] };
  const said = (await approvalsOf(tx, org, [intent])).get(intent) ?? [];
  // Whether the glass is broken is no matter of the rules.
  const { broken, breakers } = tally([], said);
  const approvals = said
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ by, role, reason, breakGlass, at: when }) => ({ by, role, reason, breakGlass, at: when.toISOString() }));
  return { approvals, glassBrokenBy: broken ? [...breakers] : [] };
}

interface Beside {
  readonly head: RunHead;
  readonly yeses: Yeses;
  readonly steps: readonly StepState[];
  readonly actions: readonly ActionState[];
  readonly held: ReadonlyMap<string, Held>;
  readonly hold: Hold | undefined;
  readonly asks: RunView['asks'];
  readonly left: readonly NotUndone[];
  readonly drafting: Spent;
  readonly cost: RunCost | null;
}

function shown(
  run: ViewedRun,
  { head, yeses, steps, actions, held, hold, asks, left, drafting, cost }: Beside,
  nowMs: number,
): RunView {
  const settled = steps.filter(({ id, status }) => !id.includes('/') && (status === 'done' || status === 'skipped'));
  const from = (run.started_at ?? run.created_at).getTime();
  const until = run.ended_at?.getTime() ?? nowMs;
  const fault = standingFault(run);
  return {
    runId: run.id,
    shortId: shortId(run.id),
    title: run.title,
    status: run.status,
    word: hasEnded(run.status) ? run.word : null,
    planDigest: run.plan_digest,
    inputs: run.inputs,
    target: run.target,
    lane: run.lane,
    priority: run.priority,
    requestedBy: run.requested_by,
    host: run.host,
    workspace: run.workspace.path,
    parent: run.parent_id,
    intent: head.intent,
    ...yeses,
    rollingBack: run.mode === 'rollback' && !hasEnded(run.status),
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    endedAt: run.ended_at?.toISOString() ?? null,
    durationMs: Math.max(0, Math.round(until - from)),
    error: fault && { ...fault, mend: filled(fault.mend, run.id, failedStep(steps, fault)?.id) },
    waiting: hold ? { ...hold, mend: filled(hold.mend, run.id, hold.step) } : null,
    asks,
    notUndone: [...left],
    declined: declinedIn(run.plan, steps).map((one) => ({ ...one, notDone: [...one.notDone] })),
    wakeAt: run.wake_at?.toISOString() ?? null,
    progress: { done: settled.length, total: run.plan.steps.length },
    seq: head.seq,
    allowed: actions.filter(({ allowed }) => allowed).map(({ action }) => action),
    actions: actions.map((state) => ({ ...state })),
    mayCall: listsOf(run),
    worker: run.owner === null ? null : { id: run.owner, host: head.ownerHost, epoch: run.epoch },
    spent: drafting.calls === 0 ? null : showSpent(drafting),
    cost,
    steps: steps.map((step) => ({
      ...step,
      held: held.get(step.id) ?? null,
      items: step.items && { ...step.items },
      verdicts: [...step.verdicts],
      tries: [...step.tries],
    })),
  };
}

function listsOf({ plan, allowed_tools: given }: ViewedRun): RunView['mayCall'] {
  const own: readonly Allowlist[] = plan.tools === undefined ? [] : [{ of: 'plan', tools: plan.tools }];
  return [...own, ...(given ?? [])].map(({ of, tools }) => ({ of, tools: [...tools] }));
}

function asksOf(run: ViewedRun, attempts: readonly ViewedAttempt[]): RunView['asks'] {
  const asking = askingIn(run, attempts);
  if (!asking) return null;
  const { code, what, mend } = askedBeside(asking);
  return { code, what, mend: filled(mend, run.id, asking.step), step: asking.step, item: asking.item };
}
