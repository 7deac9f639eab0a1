/**
 * Where an intent may stand. `waiting`: for people. `approved`: they agreed, and it waits for its window. `running`: a run is, or
 * is being, made of it. The others are ends; those of a run are named as the run's own.
 */
export const INTENT_STATUSES = [
  'waiting',
  'approved',
  'running',
  'succeeded',
  'failed',
  'rolled_back',
  'cancelled',
  'denied',
  'rejected',
  'expired',
  'withdrawn',
  'superseded',
  'void',
] as const;
export type IntentStatus = (typeof INTENT_STATUSES)[number];

export const INTENT_ACTIONS = ['approve', 'reject', 'withdraw'] as const;
export type IntentAction = (typeof INTENT_ACTIONS)[number];

const OPEN: ReadonlySet<IntentStatus> = new Set(['waiting', 'approved', 'running']);

/** Nothing more will come of it. */
export const isOver = (status: IntentStatus): boolean => !OPEN.has(status);

const NEXT: Readonly<Record<'waiting' | 'approved' | 'running', readonly IntentStatus[]>> = {
  waiting: ['approved', 'running', 'rejected', 'expired', 'withdrawn', 'superseded', 'void'],
  approved: ['running', 'rejected', 'expired', 'withdrawn', 'void'],
  // The last three while its run is not written yet.
  running: ['succeeded', 'failed', 'rolled_back', 'cancelled', 'approved', 'expired', 'void'],
};

/** Whether an intent may go from one status to the other. Nothing leads out of an end. */
export function mayBecome(from: IntentStatus, to: IntentStatus): boolean {
  return from === 'waiting' || from === 'approved' || from === 'running' ? NEXT[from].includes(to) : false;
}

/** What has become of an intent, as the rest of a sentence about it. */
const BECAME: Readonly<Record<IntentStatus, string>> = {
  waiting: 'waits for those who must agree',
  approved: 'was approved and waits for its window',
  running: 'runs already',
  succeeded: 'has run already, and succeeded',
  failed: 'has run already, and failed',
  rolled_back: 'has run already, and was rolled back',
  cancelled: 'has run already, and was cancelled',
  denied: 'was denied by policy',
  rejected: 'was rejected',
  expired: 'has expired',
  withdrawn: 'was withdrawn',
  superseded: 'was replaced by a newer one',
  void: 'is void',
};

/** Why an intent cannot be approved, rejected or withdrawn as it stands; undefined when it can. */
export function whyNotNow(
  action: IntentAction,
  { status, word }: { status: IntentStatus; word: string },
): string | undefined {
  if (status === 'waiting') return undefined;
  if (status === 'approved' && action !== 'approve') return undefined;
  return `The intent ${BECAME[status]}${word === '' ? '' : `: ${word}`}.`;
}
