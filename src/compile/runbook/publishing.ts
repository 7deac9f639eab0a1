import type { ShellFacts } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import { plainWords } from '../shell/judge/shapes.js';

/** What others get to see once it is done, and what those do who change a program. */

/** It pushes or tags with git: a README shows it to those who contribute or release. */
export function isPushing({ commands }: ShellFacts): boolean {
  return commands.some(
    (command) =>
      command.program === 'git' && !isReadOnly(command) && /^(?:push|tag)$/.test(plainWords(command)[0] ?? ''),
  );
}

/** It pushes, publishes or uploads, by whatever program. */
export function isPublishing(facts: ShellFacts): boolean {
  return (
    isPushing(facts) ||
    facts.commands.some(
      (command) =>
        command.program !== 'git' &&
        plainWords(command)
          .slice(0, 3)
          .some((word) => /^(?:push|publish|upload)(?::|$)/.test(word)),
    )
  );
}

/** It records a change of the program itself. */
export function isCommitting({ commands }: ShellFacts): boolean {
  return commands.some((command) => command.program === 'git' && plainWords(command)[0] === 'commit');
}
