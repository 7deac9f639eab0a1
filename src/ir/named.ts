/** Steps in a sentence: some by name, of the others their number. */
export function named(steps: readonly string[], most = 5): string {
  const more = steps.length - most;
  return more > 0 ? `${steps.slice(0, most).join(', ')} and ${more} more` : steps.join(', ');
}
