import type { ShellFacts } from '../../shell/facts.js';
import type { Lines } from '../markdown/document.js';
import { actingLines, caseOf, conditionalPart, mayTellCase } from '../words/conditional-parts.js';
import { lineFinder, type Paragraph, paragraphsOf } from '../words/paragraphs.js';
import { phrase } from '../words/phrase.js';
import { isCodeLine, leadingComment } from '../words/text.js';
import { inputNameOf } from './conditions.js';
import type { Part, Readiness } from './decision.js';
import { clip, firstLine } from './names.js';
import { type Endless, goingOn, isChangingWork, lastChange } from './work.js';

/** What of a script is a step of its own, by its lines: `from` the first, `to` the one after the last, from 0. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly says?: string;
  readonly goesOn?: Endless;
}

/** What a block stands among, as far as its parts depend on it. */
export interface PartsContext {
  /** Text beside the block, which may name the address that a server answers at. */
  readonly around: string;
  /** How its author says that its server is known to be up. */
  readonly declared: Readiness | undefined;
  /** Reads a part of the script. */
  readonly factsOf: (script: string) => ShellFacts;
}

/** "# 2. If it is broken, do steps 3 and 4, otherwise go to 5": a case reaches where it says. */
const REFERS =
  /^\s*#(?:.*\b(?:do|run|go(?: on)? to|continue (?:with|at)|skip(?: to)?|jump to|repeat|back to) (?:the )?(?:steps?|parts?|points?)?\s*\d|\s*\S.*\b(?:otherwise|sonst|andernfalls|sinon|de lo contrario|altrimenti)\b)/i;

/** More are no procedure that anybody follows. */
const MOST_PARTS = 20;

/**
 * A script is one piece when a part of it could end it, when later lines read what the shell keeps of its last command, its jobs,
 * or its arguments, or when it changes how the shell reads all that follows.
 */
const ONE_PIECE =
  /\$[?!@*#_0-9-]|\$\{(?:[?!@*#_0-9]|PIPESTATUS)|PIPESTATUS|%%|%\d|(?:^|[;&|({}]|\b(?:then|else|do|in)\b)\s*(?:exit|exec|return|logout|trap|set|shopt|umask|ulimit|alias|unalias|wait|fg|bg|jobs|disown|shift|eval|break|continue)(?=[\s;&|)]|$)/m;

/** What only holds where another case does not, or on some machine: who reads on to it decides. */
const CONTINUES = phrase(
  /^\s*#+\W*(?:\d+[.)]\s*)?(?:(?:then|and|also|next|same|still|again|too|afterwards|dann|danach|und|auch|puis|ensuite|et|aussi|luego|después|y|también|depois|então|também|poi|anche|затем|потом|также|potem|następnie)(?!\p{L})|然后|并且?|同时|再|また|次に|그리고)/iu,
);
/** The shell is somewhere else, or set to something else, for all that follows. */
const MOVES = /^(?:cd|pushd|popd|source|\.)$/;
const SWITCHES = /^(?:use-context|use|checkout|switch|select|activate|login)$/;
const OTHERWISE = phrase(
  /^\s*#+\W*(?:\d+[.)]\s*)?(?:(?:else|elif|or|otherwise|sonst|andernfalls|oder|sinon|autrement|ou|si no|en caso contrario|de lo contrario|caso contrário|senão|altrimenti|oppure|иначе|или|в противном случае|w przeciwnym razie|albo|lub)(?!\p{L})|(?:on|with|for|using|without|bei|mit|für|unter|auf|ohne|sur|avec|pour|sans|en|con|para|sin|com|sem|su|per|senza)\s|否则|不然|或者|または|でなければ|それ以外|그렇지 않으면|아니면)/iu,
);

/**
 * The steps of a script of which some paragraphs are for some cases only, or some commands do not end by themselves: each of these
 * is one, and what stands between them. Undefined when there is but one, or it is not plain where they begin and end.
 */
export function partsOf(script: string, facts: ShellFacts, context: PartsContext): readonly Part[] | undefined {
  if (ONE_PIECE.test(script) || facts.commands.some(({ inBackground }) => inBackground)) return undefined;
  const lines = script.split('\n');
  if (lines.some((line) => REFERS.test(line))) return undefined;
  const whole: Span = { from: 0, to: lines.length };
  const cases = conditionalPart(script, facts) === undefined ? [whole] : caseSpans(lines, facts);
  const spans = cases && withEndless(cases, lines, facts, context.around);
  if (spans === undefined || spans.length > MOST_PARTS) return undefined;
  const changes = lastChange(facts);
  const lineAt = lineFinder(lines);
  const parts: Part[] = [];
  for (const span of spans) {
    const text = lines.slice(span.from, span.to).join('\n').trim();
    if (!text.split('\n').some(isCodeLine)) continue;
    const read = context.factsOf(text);
    if (!read.parsed || read.commands.length === 0) return undefined;
    const title = clip(leadingComment(text).replace(/^\d+[.)]\s*/, ''));
    const kind = kindOf(span, text, context, changes !== undefined && lineAt(changes) >= span.to);
    if (kind === undefined) return undefined;
    parts.push({ script: text, facts: read, lines: linesOf(lines, span), title, ...kind });
  }
  return parts.length > 1 && !leaksOut(parts) ? parts : undefined;
}

/** Each paragraph that is for some case only, and what stands between; undefined where a case may reach further than its paragraph. */
function caseSpans(lines: readonly string[], { commands }: ShellFacts): Span[] | undefined {
  const acting = actingLines(lines, commands);
  const paragraphs = paragraphsOf(lines);
  const says = paragraphs.map((paragraph) => (acts(paragraph, acting) ? caseOf(paragraph) : undefined));
  const plain = paragraphs.every((paragraph, i) => {
    if (paragraph.comment.some((line) => OTHERWISE.test(line))) return false;
    if (says[i] !== undefined) return isClosed(paragraph, paragraphs[i + 1]);
    return !acts(paragraph, acting) || !lines.slice(paragraph.from, paragraph.to).some(isCaseComment);
  });
  const inside = new Set(paragraphs.flatMap(({ from, to }) => lines.slice(from, to)));
  // "# If it is MySQL:" and a blank line: who knows how far it reaches.
  if (lines.some((line) => isCaseComment(line) && !inside.has(line))) return undefined;
  // A case on top may be that of the whole block.
  if (!plain || (says[0] !== undefined && says.includes(undefined))) return undefined;
  const spans: Span[] = [];
  for (const [i, { from, to }] of paragraphs.entries()) {
    const before = spans.at(-1);
    const own = says[i];
    if (own !== undefined) spans.push({ from, to, says: own });
    else if (before !== undefined && before.says === undefined) spans[spans.length - 1] = { ...before, to };
    else spans.push({ from, to });
  }
  return spans;
}

function acts({ from, to }: Paragraph, acting: ReadonlySet<number>): boolean {
  for (let at = from; at < to; at += 1) if (acting.has(at)) return true;
  return false;
}

const isCaseComment = (line: string): boolean => /^\s*#/.test(line) && mayTellCase(line);

const NUMBER = /^\s*#+\W*(?:step\s*)?(\d+)(?:[.):]|\s|$)/i;
const SUBNUMBER = /^\s*#+\W*(?:\d+(?:\.\d|[a-z])|[a-z][.)]\s)/i;

/** What follows a case without a comment, with "then", or as "2b" follows "2", may belong to it; so may all below "If it is down:". */
function isClosed({ comment, mixed }: Paragraph, next: Paragraph | undefined): boolean {
  if (mixed || comment.some((line) => SUBNUMBER.test(line)) || comment.slice(1).some((line) => NUMBER.test(line)))
    return false;
  if (next === undefined) return true;
  const [first] = next.comment;
  if (first === undefined || next.comment.some((line) => SUBNUMBER.test(line) || CONTINUES.test(line))) return false;
  const [own, its] = [comment, next.comment].map((one) => NUMBER.exec(one[0] ?? '')?.[1]);
  return own === undefined ? !/[:：]\s*$/.test(comment.at(-1) ?? '') : Number(its) === Number(own) + 1;
}

/** What a case leaves behind for the steps after it, which are done in any case: a variable, a folder, another context. */
function leaksOut(parts: readonly Part[]): boolean {
  return parts.some(({ condition, facts }, i) => {
    if (condition === undefined || i === parts.length - 1) return false;
    const later = new Set(parts.slice(i + 1).flatMap((part) => part.facts.freeVariables));
    return (
      facts.assignedVariables.some((name) => later.has(name)) ||
      facts.commands.some(({ program, args }) => MOVES.test(program) || args.some((word) => SWITCHES.test(word)))
    );
  });
}

/** What does not end by itself, with the comment above it, taken out of the span that it stands in. */
function withEndless(
  spans: readonly Span[],
  lines: readonly string[],
  facts: ShellFacts,
  around: string,
): Span[] | undefined {
  const lineAt = lineFinder(lines);
  const endless: Span[] = [];
  for (const goesOn of goingOn(facts, around, lines.join('\n'))) {
    if (endless.length === MOST_PARTS) return undefined;
    let from = lineAt(goesOn.start);
    while (from > 0 && /^\s*#/.test(lines[from - 1] ?? '')) from -= 1;
    let to = lineAt(goesOn.end) + 1;
    while (/(?:\\|\|)\s*$/.test(lines[to - 1] ?? '')) to += 1;
    // `tail -f app.log; make more`: the rest of the line would never be done.
    if (facts.commands.some(({ start }) => start > goesOn.end && lineAt(start) < to)) return undefined;
    endless.push({ from, to, goesOn });
  }
  // What is for some case only beside what goes on is mostly for when that did not.
  if (endless.length > 0 && lines.some(isCaseComment)) return undefined;
  const found: Span[] = [];
  for (const span of spans) {
    const inside = endless.filter(({ from }) => from >= span.from && from < span.to);
    if (inside.length > 0 && (span.says !== undefined || inside.some(({ to }) => to > span.to))) return undefined;
    found.push(...withGaps(inside, span));
  }
  return found;
}

function withGaps(inside: readonly Span[], span: Span): Span[] {
  if (inside.length === 0) return [span];
  const all: Span[] = [];
  let at = span.from;
  for (const one of inside) {
    if (one.from > at) all.push({ from: at, to: one.from });
    all.push(one);
    at = one.to;
  }
  return at < span.to ? [...all, { from: at, to: span.to }] : all;
}

/** Without the blank lines around it. */
function linesOf(lines: readonly string[], { from, to }: Span): Lines {
  let [first, last] = [from, to - 1];
  while (first < last && (lines[first] ?? '').trim() === '') first += 1;
  while (last > first && (lines[last] ?? '').trim() === '') last -= 1;
  return { from: first, to: last };
}

/** @param changesLater something below it changes something */
function kindOf(
  { says, goesOn }: Span,
  script: string,
  { declared }: PartsContext,
  changesLater: boolean,
): Pick<Part, 'condition' | 'background' | 'hand'> | undefined {
  if (says !== undefined) {
    // "Optional" alone may stand in many places, for many things.
    const named = clip(says.split(/\s+/).length > 2 ? says : `${says.replace(/\W+$/u, '')}: ${firstLine(script)}`);
    return { condition: { input: inputNameOf(named), value: 'yes', says: named } };
  }
  if (goesOn === undefined) return {};
  if (!changesLater) return { background: (goesOn.looks ? undefined : declared) ?? goesOn.readiness };
  // What was looked at for a while decides whether the rest is done: that is for people.
  const hand = `\`${goesOn.program}\` goes on until it is stopped, and the commands below it do more than look`;
  return goesOn.looks ? { hand } : undefined;
}

/** Whether something is changed before what goes on: a failure of that is its own, and no server that did not come up. */
export function preparesFirst(facts: ShellFacts, { start }: Endless): boolean {
  const before = facts.commands.filter((command) => command.end < start);
  return isChangingWork({ ...facts, commands: before });
}
