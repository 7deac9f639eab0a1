import { roleOf } from '#authorise/approvals/eligible.js';
import { wantedText } from '#authorise/approvals/tally.js';
import type { ApprovalRule, PrincipalFacts } from '#authorise/decision.js';
import type { IntentRow } from '#authorise/intents/records.js';
import { approvalsOf, insertApproval, lockIntent, type Sql } from '#authorise/intents/store.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { principalFacts, type Requested, requestFacts } from '../authority/facts.js';
import { decideRun, denied } from '../authority/gate.js';
import type { Room } from '../room.js';
import { beginsHere, changeOf, standingOf } from './bindings.js';
import {
  type Agreement,
  agree,
  filledIn,
  notNow,
  requireEligible,
  requireOpen,
  rulesOf,
  type WantedForm,
} from './decide.js';
import { launch } from './launch.js';
import { BY_ITSELF, endIntent, type Happening, record } from './record.js';
import { noSuchIntent } from './reference.js';

export interface Given {
  readonly reason: string;
  readonly form: JsonObject | undefined;
  readonly breakGlass: boolean;
}

/**
 * Says yes to an intent. When the last yes that it takes has come, everything that was agreed to is looked at once more, under the
 * lock of its row, and the run is made.
 *
 * @throws OpsroomError DENIED to whoever may not; NOT_ALLOWED_NOW when it was decided meanwhile, has expired, or is void because what
 * it was for has changed; INPUT_INVALID, REQUEST_TOO_LARGE of the form
 */
export async function sayYes(room: Room, intent: IntentRow, given: Given): Promise<void> {
  requireOpen(intent, 'approve');
  const who = principalFacts(room.principal);
  requireEligible(who, intent);
  const { mask } = await room.ports.secrets(intent.org, intent.target);
  const masked = { ...given, reason: mask.text(given.reason), form: given.form && mask.json(given.form) };
  const wanted = await formsFor(room, intent, roleOf(who), given.breakGlass);
  const form = filledIn(intent.form, masked.form, wanted, room.ports.schemaMismatch);
  const standing = await standingOf(room, intent, form);
  if ('prepared' in standing) await requireAllowed(room, intent, standing.prepared, who);
  const changed = await changeOf(room, intent, standing);
  const end = await room.database.engineTx((tx) => underLock(tx, room, intent, { changed, who, given: masked }));
  if (end.kind === 'over') throw notNow(end.what, intent.id);
  if (end.kind === 'go') await launch(room, intent);
}

/** Policy on approving, asked as the approver; and on what the form makes of the run, asked as whoever proposed it. */
async function requireAllowed(
  room: Room,
  intent: IntentRow,
  prepared: Requested,
  principal: PrincipalFacts,
): Promise<void> {
  const where = `intent ${intent.id}`;
  for (const request of requestFacts(prepared, room.contracts.tools, intent.proposer)) {
    const decision = await room.policies.decide({ principal, action: 'approve', request });
    // An approval cannot itself wait for one.
    if (decision.effect === 'deny') throw denied(decision, where);
    if (decision.effect === 'needs_approval') throw denied({ ...decision, effect: 'deny', reason: NOT_ITSELF }, where);
  }
  if (jsonDigest(prepared.target) !== intent.targetDigest)
    throw new OpsroomError('INPUT_INVALID', { what: 'With this form the run would work on another target.', where });
  const decision = await decideRun(room, prepared, intent.proposer);
  // Others than those that it was judged by make it void, which is told under the lock.
  if (decision.policyDigest !== intent.policyDigest) return;
  if (decision.effect === 'deny') throw denied(decision, where);
  if (decision.effect === 'needs_approval') requireNoOther(intent, decision.rules);
}

/** What is filled in may bring a rule about that nobody was told of. @throws OpsroomError INPUT_INVALID */
function requireNoOther(intent: IntentRow, rules: readonly ApprovalRule[]): void {
  const asked = new Set(rulesOf(intent).map(({ policy }) => policy));
  const others = rules.filter(({ policy }) => !asked.has(policy));
  if (others.length === 0) return;
  const wanted = wantedText(others.map((rule) => ({ rule, given: [], missing: rule.count })));
  const what = `With this form the run would need another approval: ${wanted}.`;
  throw new OpsroomError('INPUT_INVALID', {
    what,
    where: `intent ${intent.id}`,
    mend: 'Fill in what was asked for, or propose it anew with these inputs.',
  });
}

const NOT_ITSELF = 'Approving this would itself need an approval.';

async function formsFor(
  room: Room,
  intent: IntentRow,
  role: string | null,
  breakGlass: boolean,
): Promise<WantedForm[]> {
  if (breakGlass) return [];
  const { forms } = await room.policies.describe();
  return rulesOf(intent).flatMap(({ policy, form, roles }) => {
    const schema = form === null ? undefined : forms.get(form);
    return schema === undefined || role === null || !roles.includes(role) ? [] : [{ policy, schema }];
  });
}

type End = { readonly kind: 'go' | 'wait' } | { readonly kind: 'over'; readonly what: string };

interface Saying {
  /** As `changeOf` has it. */
  readonly changed: string | undefined;
  readonly who: PrincipalFacts;
  readonly given: Given;
}

/** All of it in one transaction: whoever comes at the same time waits at the row, and then finds what has happened. */
async function underLock(tx: Sql, room: Room, before: IntentRow, saying: Saying): Promise<End> {
  const { changed, who, given } = saying;
  const intent = await lockIntent(tx, before.org, before.id);
  if (!intent) throw noSuchIntent(before.id);
  requireOpen(intent, 'approve');
  const over = await endedBy(tx, room, intent, changed);
  if (over !== undefined) return { kind: 'over', what: over };
  if (jsonDigest(intent.form) !== jsonDigest(before.form))
    throw notNow('Somebody else filled in the form at the same moment. Look again.', intent.id);
  const words = (await approvalsOf(tx, intent.org, [intent.id])).get(intent.id) ?? [];
  const yes = { who, role: roleOf(who), form: given.form, breakGlass: given.breakGlass };
  const agreement = agree(intent, words, yes);
  const begins = agreement.next === 'go' && agreement.startsAt <= intent.now && beginsHere(room, intent);
  await writeYes(tx, room, intent, { yes, given, agreement, begins });
  return { kind: begins ? 'go' : 'wait' };
}

/**
 * Ends an intent that must not go on, because its time is over or because it is no longer what was agreed to.
 * @param changed as `changeOf` has it: found out before, since reading policies takes a while and a connection more
 * @returns what became of it, for whoever comes too late; undefined: nothing
 */
export async function endedBy(
  tx: Sql,
  room: Room,
  intent: IntentRow,
  changed: string | undefined,
): Promise<string | undefined> {
  if (intent.expiresAt !== null && intent.expiresAt <= intent.now) {
    const word = `nobody decided before ${intent.expiresAt.toISOString()}`;
    await endIntent(tx, room, intent, {
      status: 'expired',
      actor: BY_ITSELF,
      word: intent.status === 'waiting' ? word : 'its time was over before it could begin',
    });
    return 'The intent has expired.';
  }
  if (changed === undefined) return undefined;
  await endIntent(tx, room, intent, { status: 'void', actor: BY_ITSELF, word: changed });
  return `The intent is void: ${changed}. Whoever wants it proposes it anew.`;
}

interface Written {
  readonly yes: { readonly who: PrincipalFacts; readonly role: string | null; readonly form: JsonObject | undefined };
  readonly given: Given;
  readonly agreement: Agreement;
  /** At once, and by this process. */
  readonly begins: boolean;
}

async function writeYes(tx: Sql, room: Room, intent: IntentRow, written: Written): Promise<void> {
  const { yes, given, agreement, begins } = written;
  const { planDigest, inputsDigest, targetDigest, policyDigest, org, id } = intent;
  const go = agreement.next === 'go' ? agreement : undefined;
  await insertApproval(tx, {
    org,
    intent: id,
    person: yes.who.person,
    by: yes.who.by,
    role: yes.role,
    verdict: 'approve',
    reason: given.reason,
    form: given.form ?? null,
    breakGlass: given.breakGlass,
    expiresAt: go?.expiresAt ?? intent.expiresAt,
    planDigest,
    inputsDigest,
    targetDigest,
    policyDigest,
  });
  room.ports.failpoint?.('intent:approved');
  const status = go === undefined ? 'waiting' : begins ? 'running' : 'approved';
  const runId = uuidv7(room.ports.clock.now().getTime());
  const change = {
    status,
    form: { ...intent.form, ...given.form },
    ...(go ? { startsAt: go.startsAt, expiresAt: go.expiresAt, runId } : {}),
    ...(go && !beginsHere(room, intent) ? { word: `it begins on the machine "${intent.queue.host}"` } : {}),
  } as const;
  await record(tx, room, intent, change, happenings(room.by, { given, agreement, status, runId }));
}

function happenings(
  actor: string,
  of: { given: Given; agreement: Agreement; status: string; runId: string },
): Happening[] {
  const { given, agreement, status, runId } = of;
  const { reason, breakGlass } = given;
  const agreed: Happening = { event: 'intent.agreed', actor, data: { reason, status } };
  const broke: Happening = { event: 'approval.break_glass', actor, data: { reason, status } };
  const words = breakGlass ? [broke, agreed] : [agreed];
  if (agreement.next === 'wait') return words;
  const { broken } = agreement.tally;
  const startsAt = agreement.startsAt.toISOString();
  const approved: Happening = { event: 'intent.approved', actor, data: { startsAt, status, breakGlass: broken } };
  const started: Happening = { event: 'intent.started', actor, data: { runId, status } };
  return status === 'running' ? [...words, approved, started] : [...words, approved];
}
