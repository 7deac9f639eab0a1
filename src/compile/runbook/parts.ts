import type { Command, ShellFacts } from '../shell/facts.js';
import { clip } from './assemble-names.js';
import { type ConditionalPart, conditionalParts, lineStarts } from './conditional-parts.js';
import { inputNameOf } from './conditions.js';
import type { Part } from './decision.js';
import type { Lines } from './document.js';
import { isCodeLine, leadingComment } from './rules-text.js';
import { type Endless, goingOn, isChangingWork, isReading } from './work.js';

/** What of a script is a step of its own, by its lines: `from` the first, `to` the one after the last, from 0. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly says?: string;
  readonly goesOn?: Endless;
}

/** A script whose later lines read what shell keeps of its last command, or of its jobs, is one piece. */
const BOUND = /\$[?!]|(?:^|[\s;&|(])(?:wait|fg|bg|jobs|disown)(?:[\s;&|)]|$)|%\d/m;
/** What only holds where another condition does not. */
const OTHERWISE =
  /^\W*(?:\d+[.)]\s*)?(?:otherwise|else|sonst|andernfalls|sinon|en caso contrario|caso contrário|altrimenti|иначе|否则|それ以外)/iu;

/**
 * The steps of a script of which some commands are for some cases only, or do not end by themselves: each of these is one, and
 * what stands between them. Undefined when there is but one, or it is not plain where they begin and end.
 *
 * @param around text beside the block, which may name the address that a server answers at
 * @param factsOf reads a part of the script
 */
export function partsOf(
  script: string,
  facts: ShellFacts,
  around: string,
  factsOf: (script: string) => ShellFacts,
): readonly Part[] | undefined {
  if (BOUND.test(script)) return undefined;
  const lines = script.split('\n');
  const spans = [...conditionalSpans(script, facts), ...endlessSpans(lines, facts, around)].sort(
    (a, b) => a.from - b.from,
  );
  const apart = spans.every(({ from }, i) => i === 0 || from >= (spans[i - 1]?.to ?? 0));
  if (!apart || spans.some(({ says }) => OTHERWISE.test(says ?? ''))) return undefined;
  const parts: Part[] = [];
  for (const span of withGaps(spans, lines.length)) {
    const text = lines.slice(span.from, span.to).join('\n').trim();
    if (!text.split('\n').some(isCodeLine)) continue;
    const part = partOf(span, text, factsOf(text), after(lines, facts, span.to));
    if (part === undefined) return undefined;
    parts.push({ ...part, lines: linesOf(lines, span) });
  }
  return parts.length > 1 ? parts : undefined;
}

/** That of the comment on top of all is one among others, or that of the whole block. */
function conditionalSpans(script: string, facts: ShellFacts): readonly ConditionalPart[] {
  return conditionalParts(script, facts, false).length === 0 ? [] : conditionalParts(script, facts, true);
}

function endlessSpans(lines: readonly string[], facts: ShellFacts, around: string): Span[] {
  const starts = lineStarts(lines);
  const lineAt = (offset: number) => starts.findLastIndex((start) => start <= offset);
  return goingOn(facts, around).map((goesOn) => {
    let from = lineAt(goesOn.start);
    while (from > 0 && /^\s*#/.test(lines[from - 1] ?? '')) from -= 1;
    let to = lineAt(goesOn.end) + 1;
    while (/(?:\\|\|)\s*$/.test(lines[to - 1] ?? '')) to += 1;
    return { from, to, goesOn };
  });
}

function withGaps(spans: readonly Span[], length: number): Span[] {
  const all: Span[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.from > at) all.push({ from: at, to: span.from });
    all.push(span);
    at = span.to;
  }
  return at < length ? [...all, { from: at, to: length }] : all;
}

/** The commands that begin below a line. */
function after(lines: readonly string[], { commands }: ShellFacts, line: number): readonly Command[] {
  const start = lineStarts(lines)[line] ?? Number.POSITIVE_INFINITY;
  return commands.filter((command) => command.start >= start);
}

/** Without the blank lines around it. */
function linesOf(lines: readonly string[], { from, to }: Span): Lines {
  const filled = (line: string, i: number) => i >= from && i < to && line.trim() !== '';
  return { from: lines.findIndex(filled), to: lines.findLastIndex(filled) };
}

function partOf(
  { says, goesOn }: Span,
  script: string,
  facts: ShellFacts,
  later: readonly Command[],
): Omit<Part, 'lines'> | undefined {
  if (!facts.parsed || facts.commands.length === 0) return undefined;
  const title = clip(leadingComment(script).replace(/^\d+[.)]\s*/, ''));
  const part = { script, facts, title };
  if (says !== undefined) return { ...part, condition: { input: inputNameOf(says), value: 'yes', says: clip(says) } };
  if (goesOn === undefined) return part;
  // What was looked at for a while decides whether the rest is done: that is for people.
  if (later.length === 0 || isReading({ commands: later })) return { ...part, background: goesOn.readiness };
  const hand = `\`${goesOn.program}\` goes on until it is stopped, and the commands below it do more than look`;
  return goesOn.looks ? { ...part, hand } : undefined;
}

/** Whether something is changed before what goes on: a failure of that is its own, and no server that did not come up. */
export function preparesFirst(facts: ShellFacts, { start }: Endless): boolean {
  const before = facts.commands.filter((command) => command.end < start);
  return isChangingWork({ ...facts, commands: before });
}
