/** Cites a row of the requirements from a test's title: `test(verifies('RUN-03', 'another worker takes over'), …)`. */
export function verifies(id: string, title: string): string {
  return `[${id}] ${title}`;
}
