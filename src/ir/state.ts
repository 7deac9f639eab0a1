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
export const runStatusSchema = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** What can be asked of a run from outside. `confirm` and `resolve` answer a step that waits for a person. */
export const RUN_ACTIONS = ['cancel', 'pause', 'resume', 'confirm', 'resolve', 'rerun', 'rollback'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

const ENDED: readonly RunStatus[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];

/** In which states each action is possible. The server and every view read this one table. */
const ALLOWED: Readonly<Record<RunAction, readonly RunStatus[]>> = {
  cancel: ['queued', 'released', 'running', 'waiting', 'pausing', 'paused'],
  pause: ['queued', 'released', 'running', 'waiting'],
  resume: ['pausing', 'paused', 'waiting'],
  confirm: ['waiting', 'running', 'pausing', 'paused'],
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

/** Why an action is not possible in this state, as one sentence; undefined when it is. */
export function whyNot(action: RunAction, status: RunStatus): string | undefined {
  if (ALLOWED[action].includes(status)) return undefined;
  if (action === 'rerun') return `The run has not ended: it is ${status}.`;
  if (action === 'rollback')
    return status === 'rolled_back'
      ? 'The run is rolled back already.'
      : `The run has not ended: it is ${status}; cancel it first.`;
  if (hasEnded(status)) return `The run has ended: it is ${status}.`;
  if (action === 'pause') return status === 'paused' ? 'The run is paused already.' : 'The run is pausing already.';
  if (action === 'resume') return `The run is not paused: it is ${status}.`;
  return `No step of the run waits for a person: it is ${status}.`;
}
