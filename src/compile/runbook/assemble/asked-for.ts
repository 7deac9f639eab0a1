import { conditionIn } from '../blocks/conditions.js';
import { type Decision, isInTurn } from '../blocks/decision.js';
import { clip } from '../blocks/names.js';
import { isReading } from '../blocks/work.js';
import type { Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';
import { caseAside, namesEmergency, namesFallback, namesLaterPlan } from '../words/headings.js';
import { roleOf } from '../words/roles.js';

/** Rules that leave a block out for the headings that it stands under, whatever it does. */
const BY_PLACE: ReadonlySet<string> = new Set([
  'case-section',
  'development-section',
  'item-elsewhere',
  'readme-elsewhere',
  'reference-section',
  'symptom-section',
  'troubleshooting-section',
  'uninstall-section',
  'usage-section',
]);

/**
 * Who names a section wants it done, whatever its heading is: where nothing in it would be, what only its place keeps out is decided
 * anew, as a part of a procedure.
 *
 * @param seen the decisions as reviewed: what a person skips stays out
 * @param anew decides all blocks as if the section was a procedure
 */
export function askedFor(
  decisions: readonly Decision[],
  seen: readonly Decision[],
  section: Section,
  anew: () => readonly Decision[],
): readonly Decision[] {
  const inside = seen.filter(({ block }) => isWithin(block.section, section));
  const out = new Set(inside.filter(isOutByPlace).map(({ block }) => block));
  if (inside.some(isTyped) || ![...out].some(({ kind }) => kind === 'code')) return decisions;
  const now = anew().filter(({ block }) => out.has(block));
  const byBlock = new Map(now.map((decision) => [decision.block, decision]));
  return decisions.map((before) => {
    const decision = byBlock.get(before.block);
    return decision === undefined ? before : isOneToPick(decision, before, now) ? byHand(decision) : decision;
  });
}

/** Who names a section says yes to the case that its heading, or one around it, names; what may destroy something asks all the same. */
export function withoutItsCase(decision: Decision, section: Section): Decision {
  const { rule, choice } = decision;
  if (rule !== 'condition' || choice?.says === undefined || !casesNamed(section).has(choice.says)) return decision;
  const why = 'the section that was asked for is for this case: it is a step of it';
  return { ...decision, rule: 'case-asked-for', why, choice: undefined };
}

const NAMED = [namesEmergency, namesFallback, namesLaterPlan];

function casesNamed(section: Section): ReadonlySet<string> {
  const cases = new Set([clip(section.heading)]);
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) {
    const { heading } = at;
    const named = conditionIn(heading, caseAside(heading)) ?? (NAMED.some((names) => names(heading)) ? heading : '');
    if (named !== '') cases.add(clip(named));
  }
  return cases;
}

function isOutByPlace({ label, rule }: Decision): boolean {
  return label === 'leave_out' && BY_PLACE.has(rule);
}

/** Somebody types it or it is run, now or when things are taken back. */
function isTyped(decision: Decision): boolean {
  const { block, label } = decision;
  return block.kind === 'code' && (isInTurn(decision) || label === 'manual' || label === 'rollback');
}

const LISTS = /^(?:reference|troubleshooting|symptom)-section$/;

/** Of several commands to look up, or several things to try, nobody knows which is meant; numbered ones are done one after the other. */
function isOneToPick({ block, label, rule, facts }: Decision, before: Decision, all: readonly Decision[]): boolean {
  if (block.kind !== 'code' || label !== 'run' || rule === 'condition' || block.item?.marker === 'number') return false;
  const { heading } = block.section;
  const lists = LISTS.test(before.rule) || (before.rule === 'usage-section' && roleOf(heading) === 'usage');
  const beside = all.filter((one) => one.block.kind === 'code' && one.block.section === block.section);
  return lists && beside.length > 1 && (facts === undefined || !isReading(facts));
}

function byHand(decision: Decision): Decision {
  const { parts: _, ...rest } = decision;
  const why = 'its section holds several to pick from, so a person does what is meant';
  return { ...rest, label: 'manual', rule: 'one-to-pick', why, ask: undefined, background: undefined };
}
