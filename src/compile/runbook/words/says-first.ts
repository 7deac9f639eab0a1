import { entry } from '#kit/entry.js';
import { HOLDS, JUMPS, LOOKED, NEXT_ONLY } from './first-outcomes.js';
import { PERSON } from './first-people.js';
import { WAITS, WATCHES } from './first-waits.js';
import { beginOf, fitsSome } from './hinted.js';
import { lastSentence, sentencesOf } from './intro.js';
import { judgedWhenReached } from './reached.js';

/**
 * What a text wants before anybody goes on: somebody asked, some time passed, a window, a look at what came out. It is about this
 * run, so it is asked in each.
 */

/** A wait that the block's own commands may make. */
export function saysWait(sentence: string): boolean {
  return fitsSome([...WAITS, ...WATCHES], beginOf(sentence));
}

/** Whether nothing that follows is done unasked: "Stop here if the count is zero", "Do not continue until the lag is 0", "Skip to step 6". */
export function saysStop(sentence: string): boolean {
  const begin = beginOf(sentence);
  return fitsSome(JUMPS, begin) || (fitsSome(HOLDS, begin) && !fitsSome(NEXT_ONLY, begin));
}

/** "Do not run this until the backup is done": it is about the next block alone. */
export function saysNextOnly(sentence: string): boolean {
  return fitsSome(NEXT_ONLY, beginOf(sentence));
}

/** The sentences of a text that want something first. Several rules ask about the same few texts, one after the other. */
export function wantedFirst(text: string): readonly string[] {
  if (text === '') return [];
  if (known.size > MOST_KNOWN) known.clear();
  return entry(known, text, () => findWanted(text));
}

const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 100;

const ALL = [...PERSON, ...WAITS, ...WATCHES, ...HOLDS, ...JUMPS, ...LOOKED];

function findWanted(text: string): string[] {
  return sentencesOf(text).filter((sentence) => fitsSome(ALL, beginOf(sentence)) || judgedWhenReached(sentence));
}

/** Whether the last sentence of a text does: then that is no case, and the block asks. */
export function wantsFirst(text: string): boolean {
  return wantedFirst(lastSentence(text)).length > 0;
}
