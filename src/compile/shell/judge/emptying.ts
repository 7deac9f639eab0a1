import type { Command } from '#compile/shell/facts.js';

/**
 * Whether a command leaves a file empty: `> FILE`, `: > FILE`, `cp /dev/null FILE`. What the script has moved aside is there no more;
 * of what it has written itself, the same script has it.
 *
 * @param before what the same script does before it
 */
export function emptiesFile(command: Command, before: readonly Command[]): boolean {
  return emptied(command).some(
    (file) => !before.some((earlier) => movesAside(earlier, file) || writesAnew(earlier, file)),
  );
}

function emptied({ program, args, writes, appends, input }: Command): readonly string[] {
  const [source, target] = args.filter((word) => !word.startsWith('-'));
  if (/^(?:cp|install)$/.test(program)) return source === '/dev/null' && target !== undefined ? [target] : [];
  return printsNothing({ program, args, input }) ? writes.filter((file) => !appends.includes(file)) : [];
}

function printsNothing({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): boolean {
  if (program === 'cat') return args.length === 1 && args[0] === '/dev/null';
  // A substitution is a word of its own, whose output nobody knows here.
  if (/^(?:echo|printf)$/.test(program)) return args.every((word) => word === '' || word === '-n');
  return /^(?::|true|)$/.test(program) && args.length === 0 && input.kind === 'terminal';
}

function movesAside({ program, args }: Command, file: string): boolean {
  return program === 'mv' && args.slice(0, -1).includes(file);
}

/** Whatever was in it before, this has overwritten already. */
function writesAnew({ writes, appends, exitIgnored }: Command, file: string): boolean {
  return writes.includes(file) && !appends.includes(file) && !exitIgnored;
}
