/**
 * What steers how a text is drawn without being seen: controls, marks of direction, what has no width, what is blank; and the sign
 * with which an escape begins, where one would be taken for it.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]|‹(?=U\+)/gu;
const LAYOUT = new Set(['\n', '\t']);

/**
 * A text as it is and not as it wants to look: characters that turn, hide or overwrite what stands beside them are shown as their
 * number. For whatever others wrote: who reads it decides by it.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (found) => (LAYOUT.has(found) ? found : numbered(found)));
}

/** `‹U+202E›` */
export function numbered(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}
