import type { ShellFacts } from '../../shell/facts.js';
import { isKnownProgram, isShaped } from '../../shell/programs.js';
import { codeLines } from '../words/text.js';

/**
 * Whether a text without a language is commands and nothing else: it parses, and every command is of a program that is known.
 *
 * @param elsewhere programs that the same document types in blocks that are tagged as shell
 */
export function isTyped(script: string, facts: ShellFacts, elsewhere: ReadonlySet<string>): boolean {
  const typed = facts.commands.filter(({ substituted, remote }) => !substituted && !remote);
  if (!facts.parsed || typed.length === 0) return false;
  if (typed.every(({ program }) => program === '')) return false;
  if (codeLines(script).some(readsAsProse)) return false;
  return typed.every(
    ({ program, args, start }) =>
      program === '' ||
      isKnownProgram(program, args) ||
      elsewhere.has(program) ||
      isPath(script, start) ||
      /\.(?:sh|bash)$/.test(program),
  );
}

/** Whether a text has the form of commands: each is of a program that is known, or has an option. */
export function readsAsCommands(script: string, facts: ShellFacts, elsewhere: ReadonlySet<string>): boolean {
  const typed = facts.commands.filter(({ substituted, remote }) => !substituted && !remote);
  if (!facts.parsed || typed.length === 0 || codeLines(script).some(readsAsProse)) return false;
  return typed.every(({ program, args }) => {
    if (isKnownProgram(program, args) || elsewhere.has(program)) return true;
    return NAME.test(program) && args.some((word) => /^--?[A-Za-z]/.test(word));
  });
}

/**
 * Whether lines that may be comments are commands: each is of a program that is known, or has an option or a path, and one of them
 * has both a program that is known and something that comments do not have.
 */
export function hasCommandForm(script: string, { parsed, commands }: ShellFacts): boolean {
  const typed = commands.filter(({ substituted, remote }) => !substituted && !remote);
  if (!parsed || typed.length === 0 || codeLines(script).some(readsAsProse)) return false;
  const telling = typed.filter(({ args, writes }) => writes.length > 0 || args.some(isShaped));
  return (
    telling.some(({ program, args }) => isKnownProgram(program, args)) &&
    typed.every(
      (command) =>
        isKnownProgram(command.program, command.args) || (NAME.test(command.program) && telling.includes(command)),
    )
  );
}

/** The one program that all commands of a text are of which nobody knows; undefined when there is none, several, or prose. */
export function standsAlone(
  script: string,
  { parsed, commands }: ShellFacts,
  isKnown: (name: string) => boolean,
): string | undefined {
  if (!parsed || codeLines(script).some(readsAsProse)) return undefined;
  const typed = commands.filter(({ substituted, remote, program }) => !substituted && !remote && program !== '');
  const unknown = new Set(typed.map(({ program }) => program).filter((program) => !isKnown(program)));
  const [program = ''] = unknown;
  return unknown.size === 1 && NAME.test(program) && typed[0]?.program === program ? program : undefined;
}

const NAME = /^[a-z][a-z\d_.-]+$/;

/** An ending that no program has: `/etc/ssl/cert.pem` is spoken of, and not called. */
const FILE = /\.(?!(?:sh|bash|zsh|ksh|py|pl|rb|js|mjs|cjs|ts|php|run|bin|out|exe|bat|cmd|command|AppImage)$)[a-z]\w*$/i;

/** `./deploy.sh`, `bin/setup`, `~/x`, `/usr/bin/x`. */
function isPath(script: string, start: number): boolean {
  const [word = ''] = /^(?:sudo\s+)?\S+/.exec(script.slice(start)) ?? [];
  return !FILE.test(word) && /^(?:sudo\s+)?(?:\.{1,2}|~|bin|scripts?|tools?|\.?\/[\w.-]+)?\/[\w./-]+$/.test(word);
}

/** `make sure that …`, `go to the page`, `set the value to`, `find it here`. */
function readsAsProse(line: string): boolean {
  const text = line.trim();
  return (
    /^(?:make sure|go to|set the|set up|install the|kill the|touch the|test (?:the|that|if)|which (?:is|are|will)|exec the|date of|split the|if you|for (?:the|each|a) \w+ (?!in\b))/i.test(
      text,
    ) || /^\p{Lu}\p{Ll}+ [\p{Ll} ]+[.:]?$/u.test(text)
  );
}
