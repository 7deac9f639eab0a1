import { entry } from '#kit/entry.js';
import type { ShellFacts } from '../../shell/facts.js';
import { isKnownProgram } from '../../shell/programs.js';
import { standsAlone } from '../blocks/typed.js';
import type { Subject } from './rule.js';

type Read = Pick<Subject, 'kind' | 'script' | 'facts'>;

/** Blocks that begin with one program, so that it is one and not the first word of something else. */
const ENOUGH = 2;

/**
 * Programs that a document types: in blocks of shell, after a prompt, and those of which nobody knows that begin several blocks
 * without a language, somewhere with an option: `cf login -a …`, `cf service …`, `cf delete …`.
 */
export function typedPrograms(read: readonly Read[]): ReadonlySet<string> {
  const typed = new Set(
    read.flatMap(({ kind, facts }) => (kind === 'shell' || kind === 'console' ? namesOf(facts) : [])),
  );
  const heads = new Map<string, { readonly scripts: Set<string>; options: boolean }>();
  for (const { kind, script, facts } of read) {
    const program =
      kind === 'untagged' ? standsAlone(script, facts, (name) => isKnownProgram(name) || typed.has(name)) : undefined;
    if (program === undefined) continue;
    const known = entry(heads, program, () => ({ scripts: new Set<string>(), options: false }));
    known.scripts.add(script);
    known.options ||= facts.commands.some((command) => command.program === program && command.args.some(isOption));
  }
  for (const [program, { scripts, options }] of heads) if (options && scripts.size >= ENOUGH) typed.add(program);
  return typed;
}

function isOption(word: string): boolean {
  return /^--?[A-Za-z]/.test(word);
}

/** Those that are words; paths are known as such. */
function namesOf({ parsed, commands }: ShellFacts): string[] {
  if (!parsed) return [];
  return commands.map(({ program }) => program).filter((program) => /^[a-z][\w.+-]*$/.test(program));
}
