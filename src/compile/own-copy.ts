/**
 * The same text in memory of its own. What is cut out of a text keeps all of that alive for as long as it lives itself, so a key of
 * a few words that is remembered for the whole process would hold a document of megabytes.
 */
export function ownCopy(text: string): string {
  // Joining makes a new text; other ways to copy cost several times as much or make every letter two bytes wide.
  return ` ${text}`.slice(1);
}
