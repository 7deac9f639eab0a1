import { headingOf, type Line } from './lines.js';
import { isAboutDependencies, isApart, isWrapper, phaseRank, storyOf } from './words.js';

/** A part of a document under one heading, down to the next heading of its level or a higher one. */
export interface Part {
  /** Plain text; empty for what stands before the first heading. */
  readonly heading: string;
  readonly level: number;
  /** Line of the heading; 0 for the whole document. */
  readonly line: number;
  readonly parent: Part | undefined;
  readonly rank: 'strong' | 'weak' | undefined;
  /** The story that the heading names. */
  readonly story: string | undefined;
  /** It or a part around it is about the tasks and holds none. */
  readonly apart: boolean;
  /** It or a part around it says in which order tasks are done. */
  readonly dependencies: boolean;
}

const WHOLE: Part = {
  heading: '',
  level: 0,
  line: 0,
  parent: undefined,
  rank: undefined,
  story: undefined,
  apart: false,
  dependencies: false,
};

/** The part that each line stands in; a heading stands in the part that it opens. */
export function readOutline(lines: readonly Line[]): Part[] {
  let current = WHOLE;
  return lines.map((line) => {
    const heading = headingOf(line);
    if (heading !== undefined) current = open(current, heading, line.number);
    return current;
  });
}

function open(current: Part, { level, text }: { level: number; text: string }, line: number): Part {
  let parent = current;
  while (parent.level >= level && parent.parent !== undefined) parent = parent.parent;
  const rank = phaseRank(text);
  return {
    heading: text,
    level,
    line,
    parent,
    rank,
    story: storyOf(text),
    apart: parent.apart || (rank === undefined && level > 1 && isApart(text)),
    dependencies: parent.dependencies || isAboutDependencies(text),
  };
}

/** The parts around a place, from the innermost to the outermost; without the whole document. */
function around(part: Part): Part[] {
  const parts: Part[] = [];
  for (let at: Part | undefined = part; at !== undefined && at.level > 0; at = at.parent) parts.push(at);
  return parts;
}

/**
 * The part that is the phase of what stands here: the nearest one that is called a phase; without one, the nearest that is
 * called a milestone, a layer or the like; without one, the outermost heading below the title.
 * @param title the part of the document's title, which is no phase
 */
export function phaseOf(part: Part, title: Part | undefined): Part | undefined {
  const parts = around(part);
  const ranked = parts.find(({ rank }) => rank === 'strong') ?? parts.find(({ rank }) => rank === 'weak');
  if (ranked !== undefined) return ranked;
  return parts.filter((one) => one.line !== title?.line && !isWrapper(one.heading)).at(-1);
}

/** The headings around a place that stand for some tasks and not for the whole list. */
export function headingsAround(part: Part, title: Part | undefined): string[] {
  return around(part).flatMap(({ line, heading }) => (line === title?.line ? [] : [heading]));
}

/** The story of the nearest heading that names one. */
export function storyAround(part: Part): string | undefined {
  return around(part).find(({ story }) => story !== undefined)?.story;
}

/** The title: the first heading of the first level, when no other follows it on that level but "Tasks" and the like. */
export function titleOf(outline: readonly Part[]): Part | undefined {
  const tops = [...new Set(outline)].filter(({ level }) => level === 1);
  const [first] = tops;
  return first?.rank === undefined ? first : undefined;
}
