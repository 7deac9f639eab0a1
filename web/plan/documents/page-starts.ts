/** The number of the page that begins at a line, by line; none where the whole is one page. A page without text shares its line. */
export function pageStarts(pageLines: readonly number[]): ReadonlyMap<number, number> {
  return new Map(pageLines.length < 2 ? [] : pageLines.map((line, at) => [line, at + 1]));
}
