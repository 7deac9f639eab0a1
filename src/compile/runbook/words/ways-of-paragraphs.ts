import type { ShellFacts } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { isLongRunning } from '../../shell/judge/running.js';
import { codeLines } from './text.js';

/**
 * The scripts of which one is to be taken, of a script of several commands in which a comment says "or": what stands before the
 * ways, and after them, is part of each. Undefined where nobody can tell what the "or" is about.
 */
export function paragraphWays(
  script: string,
  { commands }: ShellFacts,
  isOr: (line: string) => boolean,
): readonly string[] | undefined {
  if (commands.some((command) => isLongRunning(command) !== undefined)) return undefined;
  const paragraphs = script.split(/\n[ \t]*\n/).map((text) => text.split('\n'));
  const at = paragraphs.findIndex((lines) => lines.some(isOr));
  const lines = paragraphs[at] ?? [];
  const rest = paragraphs.slice(at + 1);
  if (at < 0 || script.split('\n').filter(isOr).length !== paragraphs.filter((one) => one.some(isOr)).length)
    return undefined;
  if (isOr(lines[0] ?? ''))
    return rest.every((one) => isOr(one[0] ?? '')) ? apart(paragraphs, at, commands, script) : undefined;
  return rest.some((one) => one.some(isOr)) ? undefined : within(paragraphs, at, lines.findIndex(isOr));
}

/** Paragraphs of their own: "# Revert it", then "# Or reset". What comes before only looks, or sets what both need. */
function apart(
  paragraphs: readonly (readonly string[])[],
  at: number,
  commands: ShellFacts['commands'],
  script: string,
): readonly string[] | undefined {
  const [first, before] = [paragraphs[at - 1], paragraphs.slice(0, Math.max(0, at - 1))];
  if (first === undefined) return undefined;
  if (before.length > 0) {
    const begins = script.indexOf(first.join('\n'), before.map((lines) => lines.join('\n')).join('\n\n').length);
    if (!/^\s*#/.test(first[0] ?? '') || !commands.every((one) => one.start >= begins || prepares(one)))
      return undefined;
  }
  return [first, ...paragraphs.slice(at)].map((way) => joined([...before, way]));
}

function prepares(command: ShellFacts['commands'][number]): boolean {
  return /^(?:|cd|export|set|source|\.|echo)$/.test(command.program) || command.substituted || isReadOnly(command);
}

/** One command above and one below the "or", without a blank line between: the rest is done either way. */
function within(paragraphs: readonly (readonly string[])[], at: number, or: number): readonly string[] | undefined {
  const lines = paragraphs[at] ?? [];
  const ways = [lines.slice(0, or), lines.slice(or)];
  const single = ways.every((way) => codeLines(way.join('\n').replaceAll(/\\\n|\|\s*\n/g, ' ')).length === 1);
  return single ? ways.map((way) => joined([...paragraphs.slice(0, at), way, ...paragraphs.slice(at + 1)])) : undefined;
}

function joined(paragraphs: readonly (readonly string[])[]): string {
  return paragraphs
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .trim();
}
