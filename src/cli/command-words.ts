import { InvalidArgumentError } from 'commander';
import { wordsOf } from '#ir/command-line.js';
import { AGENTS, type BundleOptions } from '#operations/plans/bundle-files.js';

/**
 * Who does the tasks, as `--with` says it: `agent`, `agent:codex`, or a program and its arguments. Quotes and backslashes keep words together as
 * in a shell, and nothing else means what it means there: no variable, no pipe, no glob.
 * @throws InvalidArgumentError
 */
export function readDoer(text: string): NonNullable<BundleOptions['doer']> {
  const [, preset] = /^agent(?::(.*))?$/.exec(text.trim()) ?? [undefined, null];
  if (preset === null) return { argv: readProgram(text) };
  if (preset === undefined) return { agent: true };
  const known = AGENTS.find((one) => one === preset);
  if (known === undefined) throw new InvalidArgumentError(`The agents are ${AGENTS.join(', ')}.`);
  return { agent: true, preset: known };
}

/**
 * A program and its arguments, in words as `readDoer` has them.
 * @throws InvalidArgumentError
 */
export function readProgram(text: string): [string, ...string[]] {
  const [program, ...rest] = splitWords(text);
  if (program === undefined || program === '') throw new InvalidArgumentError('Name a program.');
  return [program, ...rest];
}

/** @throws InvalidArgumentError for a quote that nothing closes */
export function splitWords(text: string): string[] {
  const found = wordsOf(text);
  if ('open' in found) throw new InvalidArgumentError(`A quote (${found.open}) is not closed.`);
  return [...found.words];
}
