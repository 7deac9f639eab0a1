import type { IntentStatus } from '#ir/intent-state.js';
import { isForYou } from '../api/open-intents.js';
import { BUSY } from '../ui/act.js';
import { shortDigest } from '../ui/format.js';
import type { InputField } from '../ui/input-form/inputs.js';
import { askerText } from '../ui/names.js';
import type { Shown } from '../ui/state.js';
import { textOf } from '../ui/values.js';
import { visible } from '../ui/visible.js';
import type { Action, Intent, IntentDetail, Step } from './model.js';

const STATUS: Readonly<Record<IntentStatus, Shown>> = {
  waiting: { look: 'waiting', word: 'waiting' },
  approved: { look: 'parked', word: 'approved' },
  running: { look: 'running', word: 'running' },
  succeeded: { look: 'exit', word: 'succeeded' },
  failed: { look: 'failed', word: 'failed' },
  rolled_back: { look: 'rolled', word: 'rolled back' },
  cancelled: { look: 'skipped', word: 'cancelled' },
  denied: { look: 'skipped', word: 'denied' },
  rejected: { look: 'skipped', word: 'rejected' },
  expired: { look: 'skipped', word: 'expired' },
  withdrawn: { look: 'skipped', word: 'withdrawn' },
  superseded: { look: 'skipped', word: 'superseded' },
  void: { look: 'skipped', word: 'void' },
};

/** What has become of an intent. One that waits for others looks as if it were in a queue. */
export function statusShown(intent: Intent): Shown {
  if (intent.status === 'waiting' && !isForYou(intent)) return { look: 'queued', word: 'waiting for others' };
  return STATUS[intent.status];
}

/** Whether what may be done, and why not. */
export function may(intent: Intent, action: Action): { allowed: boolean; why: string | null } {
  return intent.actions.find((one) => one.action === action) ?? { allowed: false, why: null };
}

/** Something may still be said to it. */
export const isOpen = ({ status }: Pick<Intent, 'status'>): boolean => status === 'waiting' || status === 'approved';

/** Those that who looks may agree to, and the others: each as they came. */
export function grouped(intents: readonly Intent[]): { you: Intent[]; others: Intent[] } {
  return {
    you: intents.filter(isForYou),
    others: intents.filter((intent) => !isForYou(intent)),
  };
}

/** Why an intent in the list is not for who looks, or what it still takes. */
export function lineWords(intent: Intent): string {
  if (intent.status === 'approved') return 'Agreed to; it waits for its window.';
  if (!isForYou(intent)) return visible(may(intent, 'approve').why ?? '');
  const wanted = intent.rules.flatMap(({ missing, roles }) => (missing > 0 ? `${missing} of ${roles.join(', ')}` : []));
  return [...new Set(wanted)].join('; ');
}

/**
 * The word on the button: what the yes of who looks leads to.
 * @param role of who looks; undefined: it is not known, and taken for one that counts
 */
export function approveWord(intent: Intent, role: string | undefined): string {
  const isLast = intent.rules.every(
    ({ missing, roles }) => missing === 0 || (missing === 1 && (role === undefined || roles.includes(role))),
  );
  const isOpenNow = intent.rules.every(({ window }) => window === null);
  return isForYou(intent) && isLast && isOpenNow ? 'Approve and run' : 'Approve';
}

/** What counts as done, for one step. */
export function doneWords({ verifiers, warnings }: Step): string {
  if (verifiers.length > 0)
    return verifiers
      .map(({ id, kind, required }) => `${id} (${kind}${required ? '' : ', for information'})`)
      .join(', ');
  return warnings.some((one) => one.startsWith('counts on')) ? 'exit code only' : 'read only, or its output fits';
}

/**
 * Whether what it does can be undone, as far as the plan says how; empty: each step has a rollback, or changes nothing.
 *
 * @param without how many of all its steps have none
 */
export function undoWords(without: number, total: number): string {
  if (without === 0) return '';
  if (without === total) return 'Cannot be rolled back';
  return without === 1 ? 'One step cannot be rolled back' : `${without} steps cannot be rolled back`;
}

/** What a rule takes, and who has agreed already. */
export function ruleWords({ count, roles, given, window }: Intent['rules'][number]): string {
  const agreed = given.length === 0 ? '' : `; agreed: ${given.map((by) => askerText(by)).join(', ')}`;
  const opens = window === null ? '' : `; begins in the window ${window}`;
  return `takes ${count} of ${roles.join(', ')}${agreed}${opens}`;
}

/** What a request said of itself: `approved: false`. */
export function claimedWords({ claimed }: Pick<Intent, 'claimed'>): string[] {
  return Object.entries(claimed).map(([name, value]) => visible(`${name}: ${textOf(value)}`));
}

/** A digest with its kind: `sha256:9f86…7d65`. */
export function digestWords(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return `sha256:${shortDigest(hex)}`;
}

/**
 * Two people may override what policy asks for; who may say no may be one of them. Offered where an ordinary yes is not enough.
 * @param me as runs name who looks, and their role
 */
export function mayBreakGlass(intent: Intent, me: { by: string | undefined; role: string | undefined }): boolean {
  const agreed = intent.approvals.some(({ by, verdict }) => by === me.by && verdict === 'approve');
  const enough = approveWord(intent, me.role) === 'Approve and run';
  return intent.status === 'waiting' && may(intent, 'reject').allowed && !agreed && !enough;
}

/** What came of asking for the glass to be broken. @param by who broke it; none unless two people did */
export function glassWords(by: readonly string[]): string {
  return by.length > 0 ? 'You broke the glass.' : 'You asked to break the glass. A second person has to, too.';
}

/** Why what would be agreed to is no longer what was asked for; undefined while it is. */
export function voidWords({ holds, status }: Pick<IntentDetail, 'holds' | 'status'>): string | undefined {
  if (holds.now || holds.mend !== null || !isOpen({ status })) return undefined;
  return visible(holds.why ?? 'something that it was asked for has changed');
}

/** Why nothing can be decided for the moment, and what mends it; undefined while it can, or when it is void for good. */
export function heldUpWords({ holds, status }: Pick<IntentDetail, 'holds' | 'status'>): string | undefined {
  if (holds.now || holds.mend === null || !isOpen({ status })) return undefined;
  return visible(`${holds.why ?? ''} ${holds.mend}`);
}

/** The fields of all forms, each once: policies that ask for the same mean the same. */
export function formFields(forms: readonly (readonly InputField[])[]): InputField[] {
  return [...new Map(forms.flat().map((field) => [field.name, field])).values()];
}

/** What of a decision is there already. */
export interface Given {
  readonly reason: string;
  /** What stands in the way of a yes beside that. */
  readonly missing: string | undefined;
  readonly busy: boolean;
}

/** Why something cannot be said to an intent now; undefined when it can. */
export function whyNotYet(intent: Intent, action: Action, { reason, missing, busy }: Given): string | undefined {
  const { allowed, why } = may(intent, action);
  if (!allowed) return why ?? 'It cannot be done now.';
  if (busy) return BUSY;
  if (action === 'approve' && missing !== undefined) return missing;
  return reason === '' ? 'Give a reason first.' : undefined;
}
