/** Most anchors that a message names; of the others their number. */
const NAMED = 12;

/** `Its sections are #a, #b and 3 more.` */
export function anchorsText(slugs: readonly string[]): string {
  if (slugs.length === 0) return '';
  const shown = slugs.slice(0, NAMED).map((slug) => `#${slug}`);
  const more = slugs.length > NAMED ? ` and ${slugs.length - NAMED} more` : '';
  return `Its sections are ${shown.join(', ')}${more}.`;
}
