import type { Difference } from '../ui/differences.js';
import { rowsOf } from '../ui/values.js';

/** What a tool says of itself: all of it is the server's own words. */
export interface Definition {
  readonly title: string;
  readonly description: string;
  readonly annotations: unknown;
  readonly inputSchema: unknown;
  readonly outputSchema: unknown;
}

/** Where two definitions of a tool differ, by the path to each place. */
export function changesOf(before: Definition, after: Definition): Difference[] {
  const [was, is] = [textsOf(before), textsOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths.flatMap((path): Difference[] =>
    was.get(path) === is.get(path) ? [] : [{ path, before: was.get(path), after: is.get(path) }],
  );
}

function textsOf({ title, description, annotations, inputSchema, outputSchema }: Definition): Map<string, string> {
  const all = { title, description, annotations, arguments: inputSchema, output: outputSchema };
  return new Map(rowsOf(all).flatMap(({ path, text }) => (text === '' || text === 'null' ? [] : [[path, text]])));
}

/** The version that somebody agreed to last, below the one that is there now; undefined: there is none. */
export function agreedBefore<T extends { readonly version: number; readonly consentedAt: string | null }>(
  versions: readonly T[],
  now: number,
): T | undefined {
  const agreed = versions.filter(({ version, consentedAt }) => version < now && consentedAt !== null);
  return agreed.toSorted((a, b) => b.version - a.version)[0];
}
