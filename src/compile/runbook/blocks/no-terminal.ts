import type { Command, ShellFacts } from '../../shell/facts.js';
import { isInteractive } from '../../shell/judge/interactive.js';
import { launchedBy } from '../../shell/wrappers.js';

/** A script as a run can do it, and what of it was changed for that. */
export interface WithoutTerminal {
  readonly script: string;
  readonly facts: ShellFacts;
  /** One sentence for people; undefined when nothing was changed. */
  readonly adapted: string | undefined;
}

/**
 * `docker exec -it web pg_isready` wants a terminal by habit: what it starts asks nobody. Docker refuses `-t` where there is no
 * terminal, so it is left out. (`kubectl exec -it` only warns.)
 */
export function withoutTerminal(
  script: string,
  facts: ShellFacts,
  factsOf: (script: string) => ShellFacts,
): WithoutTerminal {
  const same = { script, facts, adapted: undefined };
  const wanting = facts.commands.filter((command) => wantsInVain(command, facts.commands));
  if (wanting.length === 0) return same;
  let changed = script;
  // From the last, so that the places of those before it hold.
  for (const { start, end } of wanting.toReversed())
    changed = changed.slice(0, start) + withoutFlag(changed.slice(start, end)) + changed.slice(end);
  const read = factsOf(changed);
  if (!read.parsed || !sameButFlag(facts.commands, read.commands, new Set(wanting))) return same;
  return { script: changed, facts: read, adapted: 'there is no terminal in a run, so `exec` is called without `-t`' };
}

const FLAG = /^-(?:it|ti|t|-tty)$/;

/** A container's command that needs nobody at its terminal, with a flag that asks for one. */
function wantsInVain(command: Command, commands: readonly Command[]): boolean {
  const { program, args, start, end } = command;
  if (!/^(?:docker|podman|nerdctl)$/.test(program) || !args.slice(0, 2).includes('exec')) return false;
  const flag = args.findIndex((word) => FLAG.test(word));
  if (flag < 0 || flag >= (launchedBy(program, args)?.at ?? 0)) return false;
  const inside = commands.filter((other) => other !== command && other.start >= start && other.end <= end);
  return inside.length > 0 && inside.every((other) => isInteractive(other) === undefined);
}

/** Words before the flag: nothing that a quote, a backslash or an expansion is part of. */
const BEFORE = /^((?:[\w=./:@-]+[ \t]+){1,20}?)(-it|-ti|-t|--tty)(?=\s)/;

function withoutFlag(text: string): string {
  return text.replace(BEFORE, (_, before: string, flag: string) =>
    flag.includes('i') ? `${before}-i` : before.trimEnd(),
  );
}

/** All commands are what they were, but for the flag of those that had it. */
function sameButFlag(before: readonly Command[], after: readonly Command[], changed: ReadonlySet<Command>): boolean {
  return (
    before.length === after.length &&
    before.every((command, i) => {
      const now = after[i];
      const at = changed.has(command) ? command.args.findIndex((word) => FLAG.test(word)) : -1;
      const left = command.args[at]?.includes('i') === true ? ['-i'] : [];
      const wanted = command.args.flatMap((word, n) => (n === at ? left : [word]));
      return now?.program === command.program && wanted.join('\0') === now.args.join('\0');
    })
  );
}
