import type { Decision } from './decision.js';
import type { Block, CodeBlock } from './document.js';
import { said } from './item-text.js';
import { restrictionAbove } from './restricted.js';
import { leadingComment } from './rules-text.js';
import { saysStop, saysWait, wantedFirst } from './says-first.js';
import { isReadingSql, sqlStatements } from './statements.js';
import { isReading } from './work.js';

/** A sentence that wants something first, and the case or way that it was said in. */
interface Wanted {
  readonly text: string;
  readonly within: string | undefined;
}

/** What was wanted and nobody has been asked about yet; asked once in one of the ways that `input` chooses. */
interface Open {
  readonly says: readonly Wanted[];
  readonly input?: string | undefined;
}

/**
 * Gives each block that changes something what the document wants before it: "Ask the DBA first", "Stop here if the count is zero". What is
 * said above or below a look is asked before the next block that changes something, once that look was made.
 */
export function withGates(decisions: readonly Decision[]): Decision[] {
  let open: Open = { says: [] };
  return decisions.map((decision, at) => {
    const { block, label, rule, choice } = decision;
    if (block.kind === 'item') {
      open = { ...open, says: open.says.filter(({ text }) => !said(block).includes(text)) };
      return label === 'manual' && decision.undoes !== true ? stopping(decision, wantedFirst(said(block))) : decision;
    }
    if (label === 'leave_out' && rule !== 'shown-output') return decision;
    const within = caseKey(decision);
    const until = showsOn(decision) ? wantedIn(decision).filter(saysWait) : [];
    const own = ownWants(decision).flatMap((text) => (until.includes(text) ? [] : [{ text, within }]));
    const below = saidBelow(block, decisions[at + 1]?.block).map((text) => ({ text, within }));
    if (label === 'rollback' && decision.asStep !== true) return asking(decision, textsOf(own));
    // "Wait 5 minutes, then check it": who waited says so, and it is looked at then.
    const waits = isLook(decision) ? textsOf(own).filter(saysWait) : [];
    if (waits.length > 0 && isCertain(decisions.slice(0, at).findLast(isDone))) {
      open = { ...open, says: [...open.says, ...own.filter(({ text }) => !waits.includes(text)), ...below] };
      return asking(decision, waits);
    }
    if (open.input !== undefined && open.input !== choice?.input) open = { says: [] };
    const says = [...open.says, ...own];
    if (!acts(decision)) {
      open = { says: [...says, ...below] };
      return awaiting(decision, until);
    }
    // What is done in some case only may not be done: then the next one asks.
    const kept = choice === undefined ? [] : open.says.filter(({ text }) => !saysStop(text));
    open = { says: [...kept, ...below], input: rule === 'condition' || below.length > 0 ? undefined : choice?.input };
    return awaiting(gated(decision, says, within), until);
  });
}

function gated(decision: Decision, says: readonly Wanted[], within: string | undefined): Decision {
  const stops = says.filter(({ text }) => saysStop(text));
  const here = stops.length > 0 && stops.every((one) => one.within === within);
  const others = says.filter((one) => !stops.includes(one));
  return stopping(asking(decision, textsOf(others)), textsOf(stops), within !== undefined && here);
}

function asking(decision: Decision, says: readonly string[]): Decision {
  return says.length === 0 ? decision : { ...decision, gate: says.join(' ') };
}

/** @param inCase it was said in a case, of which nothing more is done */
function stopping(decision: Decision, wanted: readonly string[], inCase = false): Decision {
  const says = wanted.filter(saysStop);
  return says.length === 0 ? decision : { ...decision, stop: { says: says.join(' '), inCase } };
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

function isDone({ label, asStep, undoes }: Decision): boolean {
  return undoes !== true && (label === 'run' || label === 'choice' || label === 'manual' || asStep === true);
}

/** What it shows goes on while the steps after it are done: `tail -f`, `watch`. */
function showsOn({ background, facts, parts }: Decision): boolean {
  const last = parts?.at(-1) ?? { background, facts };
  return last.background !== undefined && last.facts !== undefined && isReading(last.facts);
}

const textsOf = (says: readonly Wanted[]): string[] => [...new Set(says.map(({ text }) => text))];

function caseKey({ choice }: Decision): string | undefined {
  return choice === undefined ? undefined : `${choice.input}=${choice.value}`;
}

/** Who does a block by hand reads what is wanted before it; what follows is not done for all that. */
function ownWants(decision: Decision): string[] {
  if (decision.label === 'leave_out') return [];
  const wanted = wantedBefore(decision);
  return decision.label === 'manual' ? wanted.filter(saysStop) : wanted;
}

/** It becomes a step, and is not known to only look. */
function acts({ label, asStep, form, facts, script }: Decision): boolean {
  if (label !== 'run' && label !== 'choice' && !(label === 'rollback' && asStep === true)) return false;
  if (form === 'sql') return !sqlStatements(script).every(isReadingSql);
  if (form === 'http') return !/^\s*(?:GET|HEAD)\b/i.test(script);
  return facts === undefined || !isReading(facts);
}

function wantedBefore(decision: Decision): string[] {
  const { script } = decision;
  const found = wantedIn(decision).filter((one) => !saysWait(one) || !WAITING.test(script));
  const restricted = restrictionAbove(script);
  return restricted === undefined ? found : [...found, restricted];
}

function wantedIn({ block, script }: Decision): string[] {
  const { intro, item, told } = block as CodeBlock;
  const texts = [...told.map(({ text }) => text), intro === '' ? said(item) : intro, leadingComment(script)];
  return texts.flatMap(wantedFirst);
}

/** Its own commands wait. */
const WAITING = /\b(?:wait|sleep|until|while|watch|rollout status|pg_isready|retry|--timeout)\b/i;

/** What the text below the last block of a section, or of an item, wants; else the next block knows what stands above it. */
function saidBelow({ outro, section, item }: CodeBlock, next: Block | undefined): string[] {
  const isAbove = next?.section === section && (item === undefined || (next.kind === 'code' && next.item === item));
  return next === undefined || isAbove ? [] : wantedFirst(outro);
}
