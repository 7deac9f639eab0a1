import { z } from 'zod';

export const RUN_STATUSES = [
  'queued',
  'released',
  'running',
  'waiting',
  'pausing',
  'paused',
  'succeeded',
  'failed',
  'rolled_back',
  'cancelled',
] as const;
// Pure: the pages read the rest of this file, and need not load the library for it.
export const runStatusSchema = /* @__PURE__ */ z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** What can be asked of a run from outside. `confirm`, `answer` and `resolve` are said to a step that waits for a person. */
export const RUN_ACTIONS = ['cancel', 'pause', 'resume', 'confirm', 'answer', 'resolve', 'rerun', 'rollback'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

const ENDED: readonly RunStatus[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];

/** In which states each action is possible. The server and every view read this one table. */
const ALLOWED: Readonly<Record<RunAction, readonly RunStatus[]>> = {
  cancel: ['queued', 'released', 'running', 'waiting', 'pausing', 'paused'],
  pause: ['queued', 'released', 'running', 'waiting'],
  resume: ['pausing', 'paused', 'waiting'],
  confirm: ['waiting', 'running', 'pausing', 'paused'],
  answer: ['waiting', 'running', 'pausing', 'paused'],
  resolve: ['waiting', 'running', 'pausing', 'paused', 'failed'],
  rerun: ENDED,
  rollback: ['succeeded', 'failed', 'cancelled'],
};

/** Nothing more happens to the run by itself. */
export function hasEnded(status: RunStatus): boolean {
  return ENDED.includes(status);
}

/** The actions that are possible in this state, in the order of `RUN_ACTIONS`. */
export function allowedActions(status: RunStatus): RunAction[] {
  return RUN_ACTIONS.filter((action) => ALLOWED[action].includes(status));
}

/** What a status says of a run, to follow "The run has ended: " and the like. */
export const STATUS_WORDS: Readonly<Record<RunStatus, string>> = {
  queued: 'it waits in its lane',
  released: 'it is about to start',
  running: 'it is running',
  waiting: 'it waits',
  pausing: 'it is pausing',
  paused: 'it is paused',
  succeeded: 'it has succeeded',
  failed: 'it has failed',
  rolled_back: 'it was rolled back',
  cancelled: 'it was cancelled',
};

/** Why an action is not possible in this state, as one sentence; undefined when it is. */
export function whyNot(action: RunAction, status: RunStatus): string | undefined {
  if (ALLOWED[action].includes(status)) return undefined;
  const words = STATUS_WORDS[status];
  if (action === 'rerun') return `The run has not ended: ${words}.`;
  if (action === 'rollback')
    return status === 'rolled_back'
      ? 'The run is rolled back already.'
      : `The run has not ended: ${words}; cancel it first.`;
  if (hasEnded(status)) return `The run has ended: ${words}.`;
  if (action === 'pause') return status === 'paused' ? 'The run is paused already.' : 'The run is pausing already.';
  if (action === 'resume') return `The run is not paused: ${words}.`;
  return `No step of the run waits for a person: ${words}.`;
}

/** What is known of a run beside its status; what is left out stands in no action's way. */
export interface RunFacts {
  readonly status: RunStatus;
  /** Its compensations run: it is neither paused nor cancelled any more. */
  readonly rollingBack?: boolean;
  /** The plan says how to undo a step that the run did itself. */
  readonly undoable?: boolean;
  /** A step waits for a person to confirm it. */
  readonly asks?: boolean;
  /** A step waits for an answer to what its tool asks. */
  readonly questions?: boolean;
}

/** Whether an action is possible now, and when not, why. */
export interface ActionState {
  readonly action: RunAction;
  readonly allowed: boolean;
  /** One sentence; null when it is possible. */
  readonly why: string | null;
}

/** Every action, in the order of `RUN_ACTIONS`, with the reason where it is not possible. */
export function actionStates(facts: RunFacts): ActionState[] {
  return RUN_ACTIONS.map((action) => {
    const why = whyNot(action, facts.status) ?? whyNotHere(action, facts) ?? null;
    return { action, allowed: why === null, why };
  });
}

function whyNotHere(action: RunAction, { rollingBack, undoable, asks, questions }: RunFacts): string | undefined {
  if (rollingBack && (action === 'cancel' || action === 'pause')) return 'The run is rolling back.';
  if (action === 'rollback' && undoable === false) return 'No step that the run did has a rollback.';
  if (action === 'answer' && questions === false) return 'No step of the run asks anything.';
  return action === 'confirm' && asks === false ? 'No step of the run waits for a person.' : undefined;
}

/** Why a step cannot be settled by a person's word now; undefined when it can. `status` as views of a run show it. */
export function whyNotSettled(status: string): string | undefined {
  if (status === 'running') return 'The step is running.';
  return status === 'done' || status === 'skipped' ? `The step is ${status}.` : undefined;
}
