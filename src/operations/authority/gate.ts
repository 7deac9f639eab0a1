import { wantedText } from '#authorise/approvals/tally.js';
import type { ApprovalRule, Decision, PrincipalFacts } from '#authorise/decision.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import type { Prepared } from '../runs/prepare.js';
import { askerOf } from './asker.js';
import { principalFacts, type Requested, requestFacts } from './facts.js';

/**
 * Lets a prepared run go on to be submitted, or says why not. The one gate of every door through which runs start.
 * @throws OpsroomError DENIED that names the deciding policies; POLICY_INVALID when they cannot be asked; APPROVAL_NEEDED that names
 * who may give it
 */
export async function admitRun(room: Room, prepared: Prepared): Promise<void> {
  const decision = await decideRun(room, prepared, await askerOf(room, prepared.planDigest));
  if (decision.effect === 'deny') throw denied(decision);
  if (decision.effect === 'needs_approval') throw approvalNeeded(decision.rules);
}

/** What policy says to running something. */
export async function decideRun(
  { policies, contracts }: Pick<Room, 'policies' | 'contracts'>,
  requested: Requested,
  principal: PrincipalFacts,
): Promise<Decision> {
  const decisions: Decision[] = [];
  for (const request of requestFacts(requested, contracts.tools))
    decisions.push(await policies.decide({ principal, action: 'run', request }));
  return strictest(decisions);
}

/** One decision of several: what any of them denies is denied, and what any of them wants is wanted. */
export function strictest([first, ...others]: readonly Decision[]): Decision {
  if (first === undefined) throw new OpsroomError('INTERNAL', { what: 'Nothing was asked.' });
  return others.reduce(stricter, first);
}

function stricter(one: Decision, other: Decision): Decision {
  if (one.effect === 'deny' || other.effect === 'allow') return one;
  if (other.effect === 'deny' || one.effect === 'allow') return other;
  const rules = new Map([...one.rules, ...other.rules].map((rule) => [rule.policy, rule]));
  return { ...one, policies: [...new Set([...one.policies, ...other.policies])], rules: [...rules.values()] };
}

/** What only ends or holds a run. */
const STOPS: ReadonlySet<string> = new Set(['cancel', 'pause']);

/**
 * Telling a run something is asked about as such: it may be forbidden where starting one like it is not. Policies that cannot be
 * used refuse everything but to stop: a mistake in a file must not keep a run going that somebody has to end.
 */
export async function admitControl(room: Room, requested: Requested, signal: string): Promise<void> {
  if (STOPS.has(signal) && !(await canBeUsed(room))) return;
  const principal = principalFacts(room.principal);
  for (const request of requestFacts(requested, room.contracts.tools)) {
    const decision = await room.policies.decide({ principal, action: 'control', request, name: signal });
    if (decision.effect === 'deny') throw denied(decision);
    if (decision.effect === 'needs_approval') {
      const what = `${wants(decision.rules)}; what a run is told cannot wait for that.`;
      throw new OpsroomError('DENIED', { what, mend: 'Let one of those who may agree do it.' });
    }
  }
}

/** While somebody edits them they may not be there to be read at all. */
const canBeUsed = ({ policies }: Pick<Room, 'policies'>): Promise<boolean> =>
  policies.describe().then(
    ({ problems }) => problems.length === 0,
    () => false,
  );

/** A denial as an error that names what denies: DENIED; POLICY_INVALID where the policies cannot be asked. */
export function denied(decision: Decision & { readonly effect: 'deny' }, where?: string): OpsroomError {
  if (decision.unusable) return new OpsroomError('POLICY_INVALID', decision.unusable);
  const by = decision.policies.length === 0 ? '' : ` (policy ${decision.policies.join(', ')})`;
  return new OpsroomError('DENIED', {
    what: `Policy denies it${by}: ${decision.reason}`,
    ...(where === undefined ? {} : { where }),
    mend: 'No approval changes this. Ask for something that the policies permit; `opsroom policy` shows them.',
  });
}

function approvalNeeded(rules: readonly ApprovalRule[]): OpsroomError {
  return new OpsroomError('APPROVAL_NEEDED', { what: `${wants(rules)}.` });
}

/** Who must agree, as a sentence without its end. */
export const wants = (rules: readonly ApprovalRule[]): string =>
  `It needs the approval of ${wantedText(rules.map((rule) => ({ rule, given: [], missing: rule.count })))}`;
