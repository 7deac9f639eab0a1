import type { ShellFacts } from '../../shell/facts.js';
import { hasCommandForm, isTyped } from './typed.js';

/** `# `, and what root types; two hashes and more begin a comment beside it. */
const TYPED = /^\s*#[ \t]+(?=\S)/;
const COMMENT = /^\s*##/;

/**
 * What root types, of a block without a language that would hold nothing but comments: each line with a single hash has the form of a command.
 * Undefined when one of them reads as a comment, or nothing has an option, a path, or a file that it writes.
 *
 * @param elsewhere what root types in other such blocks of the document: beside them, commands that are known need nothing of that
 */
export function readRootSession(
  text: string,
  read: (script: string) => ShellFacts,
  elsewhere?: ReadonlySet<string>,
): string | undefined {
  if (!text.includes('#')) return undefined;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const goesOn = (at: number): boolean => lines[at - 1]?.endsWith('\\') === true;
  if (!lines.some((line) => TYPED.test(line))) return undefined;
  if (!lines.every((line, at) => TYPED.test(line) || COMMENT.test(line) || goesOn(at))) return undefined;
  const script = lines.map((line) => line.replace(TYPED, '')).join('\n');
  const facts = read(script);
  const isSession = hasCommandForm(script, facts) || (elsewhere !== undefined && isTyped(script, facts, elsewhere));
  return isSession ? script : undefined;
}
