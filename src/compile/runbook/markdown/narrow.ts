/** Letters that do not fit into a byte. */
const WIDE = /[^\0-\xff]/;

/**
 * The same text, with a byte for each letter where they fit. What is cut out of a document that has a dash or an emoji anywhere takes two
 * for each letter, and then all patterns are made ready for, and tried on, the letters of all scripts.
 */
export function narrow(text: string): string {
  return text === '' || WIDE.test(text) ? text : Buffer.from(text, 'latin1').toString('latin1');
}
