/** Beyond this many names the search for a neighbour costs more than it tells. */
const MAX_CANDIDATES = 5000;

/** The name that was probably meant: at most a third of its letters away. Undefined when none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let distance = Math.floor(Math.min(name.length, 60) / 3) + 1;
  let tried = 0;
  for (const candidate of candidates) {
    if (++tried > MAX_CANDIDATES) break;
    if (Math.abs(candidate.length - name.length) >= distance || name.length > 100) continue;
    const found = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (found < distance) [best, distance] = [candidate, found];
  }
  return best;
}

/** "Did you mean …?" when something is near, else what there is. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return candidates.length === 0
    ? 'There are none.'
    : `There is: ${candidates.slice(0, 12).join(', ')}${candidates.length > 12 ? ', …' : ''}.`;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (older[j - 2] ?? 0) + 1 : substitution;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution, swap));
    }
    [older, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
