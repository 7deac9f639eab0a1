import { getChanges } from '../../shell/judge/requests.js';
import { becomesStep, type Decision, isDeed } from '../blocks/decision.js';
import { isReadingSql, sqlStatements } from '../blocks/statements.js';
import { isReading } from '../blocks/work.js';
import type { CodeBlock, Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { isWithin } from '../markdown/outline.js';
import { saysStop, saysWait, wantedFirst } from '../words/says-first.js';
import {
  isTold,
  ownWants,
  passedWants,
  saidBelow,
  type Wanted,
  wantedAbove,
  wantedBefore,
  wantedBeside,
  wantedIn,
  wantedWhere,
} from './gate-texts.js';

/** What was wanted and nobody has been asked about yet; asked once in one of the ways that `input` chooses. */
interface Open {
  readonly says: readonly Wanted[];
  /** How many others there are, of which a question only says so. */
  readonly more?: number;
  readonly input?: string | undefined;
}

/**
 * Gives each block that changes something what the document wants before it: "Ask the DBA first", "Stop here if the count is zero". What is
 * said above or below a look is asked before the next block that changes something, once that look was made.
 */
export function withGates(decisions: readonly Decision[]): Decision[] {
  let open: Open = { says: [] };
  let before: CodeBlock | undefined;
  const begun = new Set<Section>();
  return decisions.map((decision, at) => {
    const { block, label, choice } = decision;
    if (block.kind === 'item') {
      const says = open.says.filter(({ text, where }) => where === true || !said(block).includes(text));
      open = { ...open, says: [...says, ...wantedWhere(decision)] };
      return label === 'manual' && decision.undoes !== true ? stopping(decision, wantedFirst(said(block))) : decision;
    }
    const within = caseKey(decision);
    const above = wantedAbove(block, !begun.has(block.section));
    begun.add(block.section);
    const known = new Set(open.says.map(({ text }) => text));
    const passed = passedWants(block, before).filter(({ text }) => !known.has(text));
    before = isTold(decision) ? block : undefined;
    const below = isTold(decision) ? saidBelow(block, decisions[at + 1]?.block).map(wantedIn(within)) : [];
    if (label === 'leave_out' && decision.rule !== 'shown-output') {
      // "Ask the DBA first.", above the file that is edited: it is wanted of what comes next.
      const left = isTold(decision) ? wantedBefore(decision).map(wantedIn(within, above, block.section)) : [];
      open = capped(open, [...open.says, ...wantedWhere(decision), ...passed, ...left, ...below]);
      return decision;
    }
    const until = showsOn(decision) ? wantedBeside(decision).filter(saysWait) : [];
    const wanted = wantedIn(within, above, block.section);
    const own = [
      ...wantedWhere(decision),
      ...passed,
      ...ownWants(decision).flatMap((text) => (until.includes(text) ? [] : [wanted(text)])),
    ];
    if (label === 'rollback' && decision.asStep !== true) return asking(decision, own);
    // "Wait 5 minutes, then check it": who waited says so, and it is looked at then.
    const waits = isLook(decision) ? own.filter(({ text }) => saysWait(text)) : [];
    if (waits.length > 0 && isCertain(decisions.slice(0, at).findLast(becomesStep))) {
      open = capped(open, [...open.says, ...own.filter((one) => !waits.includes(one)), ...below]);
      return asking(decision, waits);
    }
    if (open.input !== undefined && open.input !== choice?.input) open = { says: [] };
    const says = [...open.says, ...own];
    if (!changes(decision)) {
      open = capped({ ...open, input: undefined }, [...says, ...below]);
      return awaiting(decision, until);
    }
    // What is done in some case only may not be done: then the next one asks.
    const { more = 0 } = open;
    const kept = choice === undefined ? [] : open.says.filter(({ stops }) => !stops);
    const input = decision.rule === 'condition' || below.length > 0 ? undefined : choice?.input;
    open = { ...capped({ says: [], more: choice === undefined ? 0 : more }, [...kept, ...below]), input };
    return awaiting(gated(decision, says, more, decisions.slice(at + 1)), until);
  });
}

/** A document may want more than anybody reads in one question. */
const MOST_OPEN = 20;

function capped(open: Open, says: readonly Wanted[]): Open {
  const more = (open.more ?? 0) + Math.max(0, says.length - MOST_OPEN);
  return { ...open, says: says.slice(0, MOST_OPEN), more };
}

function gated(decision: Decision, says: readonly Wanted[], more: number, following: readonly Decision[]): Decision {
  const within = caseKey(decision);
  const section = sectionOf(says, decision, following);
  const stops = says.filter((one) => one.stops || (section !== undefined && one.section === section));
  const here = stops.length > 0 && stops.every((one) => one.within === within);
  const others = says.filter((one) => !stops.includes(one));
  const asked = asking(decision, others, more);
  if (stops.length === 0) return asked;
  const where = stops.some((one) => one.where === true) ? { where: true } : {};
  const quote = quoted(stops, others.length === 0 ? more : 0);
  if (section === undefined || stops.some((one) => one.stops))
    return { ...asked, stop: { says: quote, inCase: within !== undefined && here, ...where } };
  const inCase = within !== undefined && stepsIn(section, following).every((one) => caseKey(one) === within);
  return { ...asked, stop: { says: quote, inCase, within: section } };
}

/** The section that something is wanted of as a whole, where it has more than this block. */
function sectionOf(says: readonly Wanted[], { block }: Decision, following: readonly Decision[]): Section | undefined {
  const section = says.find((one) => one.section !== undefined && isWithin(block.section, one.section))?.section;
  return section !== undefined && stepsIn(section, following).length > 0 ? section : undefined;
}

/** A section is one stretch of the document. */
function stepsIn(section: Section, following: readonly Decision[]): readonly Decision[] {
  const end = following.findIndex(({ block }) => !isWithin(block.section, section));
  return (end < 0 ? following : following.slice(0, end)).filter(becomesStep);
}

function asking(decision: Decision, says: readonly Wanted[], more = 0): Decision {
  return says.length === 0 ? decision : { ...decision, gate: quoted(says, more) };
}

/** Before what a person does, in its own words. */
function stopping(decision: Decision, wanted: readonly string[]): Decision {
  const says = wanted.filter(saysStop).map(wantedIn(undefined));
  return says.length === 0 ? decision : { ...decision, stop: { says: quoted(says), inCase: false } };
}

/** A question shows no more than that. */
const MOST_QUOTED = 900;

function quoted(says: readonly Wanted[], more = 0): string {
  const texts = [...new Set(says.map(({ text }) => text))];
  let shown = (texts[0] ?? '').slice(0, MOST_QUOTED);
  let count = 1;
  for (; count < texts.length && shown.length + (texts[count] ?? '').length < MOST_QUOTED; count += 1)
    shown += ` ${texts[count]}`;
  const rest = texts.length - count + more;
  return rest <= 0 ? shown : `${shown} … and ${rest} more`;
}

function awaiting(decision: Decision, until: readonly string[]): Decision {
  return until.length === 0 ? decision : { ...decision, until: [...new Set(until)].join(' ') };
}

/** A check that is made once the step before it is done. */
function isLook({ label, asStep, undoes, background, parts }: Decision): boolean {
  const goesOn = background !== undefined || parts !== undefined;
  return label === 'verify' && asStep !== true && undoes !== true && !goesOn;
}

/** It is done whatever anybody answers: so is the check behind it, which then may be a step of its own. */
function isCertain(decision: Decision | undefined): boolean {
  return decision !== undefined && decision.choice === undefined && decision.ask === undefined;
}

/** What it shows goes on while the steps after it are done: `tail -f`, `watch`. */
function showsOn({ background, facts, parts }: Decision): boolean {
  const last = parts?.at(-1) ?? { background, facts };
  return last.background !== undefined && last.facts !== undefined && isReading(last.facts);
}

function caseKey({ choice }: Decision): string | undefined {
  return choice === undefined ? undefined : `${choice.input}=${choice.value}`;
}

/** "GET …/shards/restart" does something. */
function isLookingRequest(script: string): boolean {
  const [method = '', url = ''] = script.trim().split(/\s+/, 2);
  return /^(?:GET|HEAD)$/i.test(method) && !getChanges([url]);
}

/** It becomes a step, and is not known to only look. */
function changes(decision: Decision): boolean {
  const { form, facts, script } = decision;
  if (!isDeed(decision)) return false;
  if (form === 'sql') return !sqlStatements(script).every(isReadingSql);
  if (form === 'http') return !isLookingRequest(script);
  return facts === undefined || !isReading(facts);
}
