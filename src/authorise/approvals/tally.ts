import { BREAKERS } from '#ir/approval.js';
import type { ApprovalRule } from '../decision.js';
import type { ApprovalRow } from '../intents/records.js';

/** How far one rule is met. */
export interface RuleStanding {
  readonly rule: ApprovalRule;
  /** Who has agreed and counts for it. */
  readonly given: readonly string[];
  readonly missing: number;
}

export interface Tally {
  readonly rules: readonly RuleStanding[];
  /** Who asked for the glass to be broken. */
  readonly breakers: readonly string[];
  /** Two people broke the glass: roles, numbers and windows no longer matter. */
  readonly broken: boolean;
  /** Nobody else must agree. */
  readonly met: boolean;
}

export type Word = Pick<ApprovalRow, 'person' | 'by' | 'role' | 'verdict' | 'breakGlass'>;

/**
 * What is still wanted. One person counts once for each rule, and only where a rule names their role; who breaks the glass counts
 * for that alone.
 */
export function tally(rules: readonly ApprovalRule[], words: readonly Word[]): Tally {
  const agreed = oncePerPerson(words.filter(({ verdict }) => verdict === 'approve'));
  const ordinary = agreed.filter(({ breakGlass }) => !breakGlass);
  const standings = rules.map((rule) => {
    const given = different(ordinary.filter(({ role }) => role !== null && rule.roles.includes(role)));
    return { rule, given, missing: Math.max(0, rule.count - given.length) };
  });
  const breakers = different(agreed.filter(({ breakGlass }) => breakGlass));
  const broken = breakers.length >= BREAKERS;
  return { rules: standings, breakers, broken, met: broken || standings.every(({ missing }) => missing === 0) };
}

function oncePerPerson(words: readonly Word[]): Word[] {
  return [...new Map(words.map((word) => [word.person ?? word.by, word])).values()];
}

/**
 * Whose words these are, as far as they are surely different humans: the user of a machine that is not linked with an account may
 * be any of the people, or the user of another such machine.
 */
function different(words: readonly Word[]): string[] {
  const people = words.filter(isKnown);
  return (people.length > 0 ? people : words.slice(0, 1)).map(({ by }) => by);
}

const isKnown = ({ person }: Pick<Word, 'person'>): boolean => person !== null;

/** Whether the word of somebody would bring it nearer. */
export function counts({ rules }: Tally, { person, role }: Pick<Word, 'person' | 'role'>): boolean {
  if (role === null) return false;
  return rules.some(
    ({ rule, given, missing }) => missing > 0 && rule.roles.includes(role) && (person !== null || given.length === 0),
  );
}

/** Who must still agree, for people: `1 of approver, owner (production-needs-approver: "Production wants a second pair of eyes")`. */
export function wantedText(standings: readonly RuleStanding[]): string {
  return standings
    .filter(({ missing }) => missing > 0)
    .map(({ rule, missing }) => `${missing} of ${rule.roles.join(', ')} (${rule.policy}: ${rule.reason})`)
    .join('; ');
}
