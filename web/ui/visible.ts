import { TURNING } from '#ir/direction.js';

/** What steers how a text is drawn without being seen: controls, marks of direction, what has no width, what is blank. */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]`;
const HIDDEN = new RegExp(UNSEEN, 'gu');
const HIDDEN_OR_ESCAPE = new RegExp(`${UNSEEN}|‹(?=U\\+)`, 'gu');
const LAYOUT = new Set(['\n', '\t']);

/**
 * A text as it is and not as it wants to look: characters that turn, hide or overwrite what stands beside them are shown as their
 * number. For whatever others wrote: who reads it decides by it.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN_OR_ESCAPE, (found) => (LAYOUT.has(found) ? found : numbered(found)));
}

/** The same of a text in which the room has escaped and marked already, so that each `‹` is the room's. */
export function visibleMarked(text: string): string {
  return text.replaceAll(HIDDEN, (found) => (LAYOUT.has(found) ? found : numbered(found)));
}

/** Prose that a person acts upon: what would show its words in another order than they stand is shown as its number, all else as it is. */
export const unturned = (text: string): string => text.replaceAll(TURNING, numbered);

/** `‹U+202E›` */
function numbered(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}
