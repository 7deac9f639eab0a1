import type { Command } from '../../shell/facts.js';
import type { Decision } from '../blocks/decision.js';

/**
 * Files that the commands of a runbook name by paths relative to the folder where they are typed, and those that programs look for there
 * (`package.json` of npm), in document order, each once. Whether a command reads or writes them is not told apart.
 */
export function namedFiles(decisions: readonly Decision[]): readonly string[] {
  const typed = decisions.filter(({ label }) => label !== 'leave_out' && label !== 'manual');
  const named = typed.flatMap(({ script, facts }) =>
    (facts?.commands ?? []).flatMap((command) => (command.remote ? [] : filesOf(command, script))),
  );
  return [...new Set(named)];
}

function filesOf({ program, args, start, end }: Command, script: string): readonly string[] {
  // `program` has lost its folder.
  const typed = script
    .slice(start, end)
    .split(/\s+/)
    .find((word) => word.endsWith(`/${program}`));
  const paths = [typed ?? program, ...args].filter((word) => RELATIVE.test(word) && /\/|\.[a-z]\w*$/i.test(word));
  const wanted = args.some((arg) => GLOBAL.test(arg)) ? undefined : WANTED.get(program);
  return [...paths.map((path) => path.replace(/^\.\//, '')), ...(wanted === undefined ? [] : [wanted])];
}

const RELATIVE = /^(?:\.\/)?[\w@+][\w@.+-]*(?:\/[\w@.+-]+)*$/;
const GLOBAL = /^(?:-g|--global)$/;
const WANTED: ReadonlyMap<string, string> = new Map([
  ['npm', 'package.json'],
  ['pnpm', 'package.json'],
  ['yarn', 'package.json'],
  ['make', 'Makefile'],
  ['cargo', 'Cargo.toml'],
]);
