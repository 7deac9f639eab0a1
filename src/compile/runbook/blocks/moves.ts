import type { Command, ShellFacts } from '../../shell/facts.js';

/** Its commands that leave the shell in another folder. */
export function movesIn(facts: ShellFacts | undefined): readonly Command[] {
  const moves = (facts?.commands ?? []).filter(({ program, subshell }) => /^(?:cd|pushd)$/.test(program) && !subshell);
  return isBackAgain(facts, moves) ? [] : moves;
}

/** `cd web`, then `cd ..`; `pushd web`, then `popd`. */
function isBackAgain(facts: ShellFacts | undefined, moves: readonly Command[]): boolean {
  const [first, second] = moves.map(({ args }) => args[0] ?? '');
  if (moves.length === 2) return /^[\w-][\w.-]*$/.test(first ?? '') && /^(?:\.\.|-)$/.test(second ?? '');
  const back = (facts?.commands ?? []).filter(({ program }) => program === 'popd').length;
  return moves.length > 0 && moves.every(({ program }) => program === 'pushd') && back >= moves.length;
}

/** It is named in full: from wherever one comes, one is there. */
export function isAbsolute({ args }: Pick<Command, 'args'>): boolean {
  return /^["']?(?:[/~]|\$\{?HOME\b)/.test(args.find((word) => !word.startsWith('-')) ?? '~');
}

/** `cd "my app"` */
export function asWritten({ start, end }: Command, script: string): string {
  return script.slice(start, end).split('\n', 1).join('');
}
