import { whyNotEligible } from '#authorise/approvals/eligible.js';
import { contradictions, isTooLarge } from '#authorise/approvals/form.js';
import { firstOpening } from '#authorise/approvals/opening.js';
import { counts, type Tally, tally, wantedText } from '#authorise/approvals/tally.js';
import type { ApprovalRule, PrincipalFacts } from '#authorise/decision.js';
import type { ApprovalRow, IntentRow } from '#authorise/intents/records.js';
import { parseWindow } from '#authorise/policy/window.js';
import { type IntentAction, whyNotNow } from '#ir/intent-state.js';
import type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { wallTime } from '#kit/zone.js';

/** What somebody says yes with. */
export interface Yes {
  readonly who: PrincipalFacts;
  readonly role: string | null;
  readonly form: JsonObject | undefined;
  readonly breakGlass: boolean;
}

/** What a yes leads to. */
export type Agreement =
  /** Others must agree. */
  | { readonly next: 'wait'; readonly tally: Tally }
  /** All have agreed; it may begin at this time. */
  | { readonly next: 'go'; readonly tally: Tally; readonly startsAt: Date; readonly expiresAt: Date };

export const rulesOf = ({ decision }: Pick<IntentRow, 'decision'>): readonly ApprovalRule[] =>
  decision.effect === 'needs_approval' ? decision.rules : [];

/** @throws OpsroomError NOT_ALLOWED_NOW that says what has become of it */
export function requireOpen(intent: IntentRow, action: IntentAction): void {
  const why = whyNotNow(action, intent);
  if (why !== undefined) throw notNow(why, intent.id);
}

export const notNow = (what: string, id: string): OpsroomError =>
  new OpsroomError('NOT_ALLOWED_NOW', { what, where: `intent ${id}`, mend: 'See `opsroom intents show INTENT`.' });

/** @throws OpsroomError DENIED to whoever may not say yes or no to this intent */
export function requireEligible(who: PrincipalFacts, { proposer, id }: IntentRow): void {
  const why = whyNotEligible(who, proposer);
  if (why !== undefined)
    throw new OpsroomError('DENIED', { what: why, where: `intent ${id}`, mend: 'Ask somebody else to decide.' });
}

/** Why somebody may not take an intent back; undefined when they may. @param administers whether they may administer the room */
export function whyNotTakeBack(
  { by, person }: PrincipalFacts,
  { proposedBy, proposer }: Pick<IntentRow, 'proposedBy' | 'proposer'>,
  administers: boolean,
): string | undefined {
  const own = by === proposedBy || (person !== null && person === proposer.person);
  return own || administers ? undefined : 'Only who proposed it, or an owner, withdraws an intent.';
}

/** Why the word of somebody changes nothing; undefined when it brings an intent nearer. */
export function whyNotHeard(
  { person, by }: PrincipalFacts,
  role: string | null,
  words: readonly ApprovalRow[],
  standing: Tally,
): { readonly code: 'NOT_ALLOWED_NOW' | 'DENIED'; readonly why: string } | undefined {
  if (hasAgreed(words, { person, by })) return { code: 'NOT_ALLOWED_NOW', why: AGREED };
  if (counts(standing, { person, role })) return undefined;
  return { code: 'DENIED', why: `Your word does not count here: it takes ${wantedText(standing.rules)}.` };
}

const AGREED = 'You have agreed to it already.';

const hasAgreed = (words: readonly ApprovalRow[], who: Pick<PrincipalFacts, 'person' | 'by'>): boolean =>
  words.some((word) => word.verdict === 'approve' && (word.person ?? word.by) === (who.person ?? who.by));

/**
 * What a yes to an intent that waits leads to. Pure; the row of the intent is held meanwhile.
 *
 * @param words what was said before
 * @throws OpsroomError NOT_ALLOWED_NOW to whoever agreed already, or when no window opens in time; DENIED to whose word changes
 * nothing
 */
export function agree(intent: IntentRow, words: readonly ApprovalRow[], yes: Yes): Agreement {
  const rules = rulesOf(intent);
  const before = tally(rules, words);
  const { who, role, breakGlass } = yes;
  const not = whyNotHeard(who, role, words, before);
  if (not?.code === 'NOT_ALLOWED_NOW') throw notNow(not.why, intent.id);
  if (not && !breakGlass) {
    const where = `intent ${intent.id}`;
    throw new OpsroomError('DENIED', { what: not.why, where, mend: 'Ask one of those who are named.' });
  }
  // Two machines, or a person and their machine, may be one human.
  if (breakGlass && who.person === null && before.breakers.length > 0) throw unknownBeside(intent.id);
  const word = { person: who.person, by: who.by, role, verdict: 'approve', breakGlass } as const;
  const after = tally(rules, [...words, word]);
  if (after.met) return { next: 'go', tally: after, ...schedule(intent, rules, after) };
  // Who breaks the glass goes past windows. Whoever agrees last may do so until the intent expires, and no later.
  if (!breakGlass && before.breakers.length === 0) opening(intent, rules, intent.expiresAt ?? intent.now);
  return { next: 'wait', tally: after };
}

const unknownBeside = (id: string): OpsroomError =>
  new OpsroomError('DENIED', {
    what: 'It is not known who the user of this machine is, so their word does not count beside that of another.',
    where: `intent ${id}`,
    mend: 'Sign in, or link the machine with your account: `opsroom members link`.',
  });

/** All of which must be open when it begins. */
export const windowsOf = (intent: Pick<IntentRow, 'decision'>, { broken }: Tally): string[] =>
  broken ? [] : rulesOf(intent).flatMap(({ window }) => (window === null ? [] : [window]));

/** From when on it may begin, and until when what was agreed counts. */
function schedule(intent: IntentRow, rules: readonly ApprovalRule[], standing: Tally) {
  if (!standing.broken) return opening(intent, rules, intent.now);
  return { startsAt: intent.now, expiresAt: new Date(intent.now.getTime() + leastTtl(rules).ttlMs) };
}

/**
 * When all windows are open, which must be while an approval of that time counts.
 * @param agreedAt when the last word is given
 * @throws OpsroomError NOT_ALLOWED_NOW that names the policy by which approvals count too short for the window
 */
function opening({ id, now }: IntentRow, rules: readonly ApprovalRule[], agreedAt: Date) {
  const least = leastTtl(rules);
  const expiresAt = new Date(agreedAt.getTime() + least.ttlMs);
  const windows = rules.flatMap(({ window }) => (window === null ? [] : [window]));
  const startsAt = firstOpening(windows, now);
  if (startsAt !== undefined && startsAt < expiresAt) return { startsAt, expiresAt };
  const zone = windows[0] === undefined ? 'UTC' : parseWindow(windows[0]).zone;
  const opens =
    startsAt === undefined ? 'No window opens within two weeks' : `The next window opens at ${inZone(startsAt, zone)}`;
  throw notNow(
    `${opens}, and by policy ${least.policy} an approval counts until ${inZone(expiresAt, zone)} at most.`,
    id,
  );
}

/** The rule by which an approval counts the shortest. */
const leastTtl = (rules: readonly ApprovalRule[]): ApprovalRule =>
  rules.reduce((least, rule) => (rule.ttlMs < least.ttlMs ? rule : least));

/** `2026-11-22 03:00 Europe/Berlin`: as the policy says it. */
const inZone = (time: Date, zone: string): string =>
  `${wallTime(time, zone).toISOString().slice(0, 16).replace('T', ' ')} ${zone}`;

/** What a rule wants filled in, and says it in. */
export interface WantedForm {
  readonly policy: string;
  readonly schema: JsonSchema;
}

/**
 * The values after a yes: those of before and what is filled in now.
 *
 * @param wanted the forms of the rules for which this word counts
 * @param mismatch why a value does not fit a schema, as part of a sentence; undefined when it fits
 * @throws OpsroomError REQUEST_TOO_LARGE, INPUT_INVALID
 */
export function filledIn(
  before: JsonObject,
  form: JsonObject | undefined,
  wanted: readonly WantedForm[],
  mismatch: (schema: JsonSchema, value: JsonValue) => string | undefined,
): JsonObject {
  if (form !== undefined && isTooLarge(form))
    throw new OpsroomError('REQUEST_TOO_LARGE', { what: 'The form is larger than 64 KiB.' });
  const against = form === undefined ? [] : contradictions(before, form);
  if (against.length > 0) {
    const what = `Others have agreed to another value of ${against.join(', ')}.`;
    throw new OpsroomError('INPUT_INVALID', { what, mend: 'Leave it as it is, or reject the intent.' });
  }
  const values = { ...before, ...form };
  for (const { policy, schema } of wanted) {
    const why = mismatch(schema, values);
    if (why === undefined) continue;
    const what = `The form of ${policy} is not filled in as it must be: ${why}.`;
    throw new OpsroomError('INPUT_INVALID', { what, mend: 'Fill it in; the intent shows its schema.' });
  }
  return values;
}
