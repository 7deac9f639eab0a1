import type { Command } from '#compile/shell/facts.js';

/**
 * Whether a command leaves a file empty: `> FILE`, `: > FILE`, `cp /dev/null FILE`. What the script has moved aside in the same place
 * is there no more. That the script seems to have written the file before spares nothing: it may not have done so, or elsewhere.
 *
 * @param before what the same script does before it
 */
export function emptiesFile(command: Command, before: readonly Command[]): boolean {
  const files = emptied(command);
  if (files.length === 0) return false;
  const here = before.slice(before.findLastIndex(({ program }) => /^(?:cd|pushd|popd)$/.test(program)) + 1);
  return files.some((file) => !here.some((earlier) => isSamePlace(earlier, command) && movesAside(earlier, file)));
}

function emptied({ program, args, writes, appends, input }: Command): readonly string[] {
  const words = args.filter((word) => !word.startsWith('-'));
  if (/^(?:cp|install)$/.test(program)) return words.includes('/dev/null') ? words.slice(-1) : [];
  if (program === 'tee') return isNothing(input) && !args.some((word) => /^(?:-a|--append)$/.test(word)) ? words : [];
  return printsNothing({ program, args, input }) ? writes.filter((file) => !appends.includes(file)) : [];
}

function printsNothing({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): boolean {
  if (program === 'cat') return args.length === 0 ? isNothing(input) : args.every((word) => word === '/dev/null');
  // A substitution is a word of its own, whose output nobody knows here.
  if (/^(?:echo|printf)$/.test(program)) return args.every((word) => word === '' || word === '-n');
  return /^(?::|true|)$/.test(program) && args.length === 0 && input.kind === 'terminal';
}

function isNothing(input: Command['input']): boolean {
  if (input.kind === 'pipe') return input.from.every((program) => /^(?::|true)$/.test(program));
  return input.kind === 'text' && input.text === '';
}

/** Commands that another one runs elsewhere stand where that one stands. */
function isSamePlace(earlier: Command, later: Command): boolean {
  return earlier.remote === later.remote && (!later.remote || earlier.start === later.start);
}

function movesAside({ program, args }: Command, file: string): boolean {
  return program === 'mv' && args.slice(0, -1).includes(file);
}
