import type { Command, ShellFacts } from '../shell/facts.js';
import { isInteractive } from '../shell/judge/interactive.js';
import { launchedBy } from '../shell/wrappers.js';

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
  if (!/\bexec\b[^\n]*\s-(?:it|ti|t|-tty)\s/.test(script)) return same;
  let changed = script;
  // From the last, so that the places of those before it hold.
  for (const command of facts.commands.toReversed())
    if (wantsInVain(command, facts.commands)) {
      const [before, text, rest] = [
        changed.slice(0, command.start),
        changed.slice(command.start, command.end),
        changed.slice(command.end),
      ];
      changed = before + withoutFlag(text) + rest;
    }
  if (changed === script) return same;
  const read = factsOf(changed);
  if (!read.parsed || read.commands.length !== facts.commands.length) return same;
  return { script: changed, facts: read, adapted: 'there is no terminal in a run, so `exec` is called without `-t`' };
}

/** A container's command that needs nobody at its terminal, with a flag that asks for one. */
function wantsInVain(command: Command, commands: readonly Command[]): boolean {
  const { program, args, start, end } = command;
  if (!/^(?:docker|podman|nerdctl)$/.test(program) || !args.slice(0, 2).includes('exec')) return false;
  const flag = args.findIndex((word) => /^-(?:it|ti|t|-tty)$/.test(word));
  if (flag < 0 || flag >= (launchedBy(program, args)?.at ?? 0)) return false;
  const inside = commands.filter((other) => other !== command && other.start >= start && other.end <= end);
  return inside.length > 0 && inside.every((other) => isInteractive(other) === undefined);
}

function withoutFlag(text: string): string {
  return text.replace(/(\bexec\b[^\n]*?)(?:(\s-)(?:it|ti)|\s(?:-t|--tty))(?=\s)/, (_, lead: string, dash?: string) =>
    dash === undefined ? lead : `${lead}${dash}i`,
  );
}
