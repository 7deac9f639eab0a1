import type { ShellFacts } from '../../shell/facts.js';
import { dangersOf } from './dangers.js';

/** What a value may be that a shell splits and expands: no blanks, no wildcards, nothing that reads as an option. */
export const ONE_WORD = '^[^-\\s*?\\[\\]][^\\s*?\\[\\]]*$';

/**
 * Variables that a script reads without quotes among the words of a command that destroys: `find tenants -name $PATTERN -delete`. A value
 * with blanks would be further words of it, such as `x -o -true`.
 */
export function splitBesideDanger(facts: ShellFacts): ReadonlySet<string> {
  const { freeVariables } = facts;
  if (freeVariables.length === 0) return new Set();
  const words = dangersOf(facts).flatMap(({ command }) => command.args.map(unquoted));
  const read = new Set(
    words.flatMap((word) => [...word.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)),
  );
  return new Set(freeVariables.filter((name) => read.has(name)));
}

function unquoted(word: string): string {
  return word.replaceAll(/"[^"]*"|'[^']*'/g, '');
}
