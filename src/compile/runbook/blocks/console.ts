import { ShellLines } from './console-shell.js';

export interface ConsoleCommand {
  /** Without prompts; the lines of a command that goes on over several are joined by line ends. */
  readonly text: string;
  /** Of its first line in the block, from 0. */
  readonly line: number;
  /** What the block shows below it, without blank lines at its end; empty when nothing. */
  readonly output: string;
  /** Shown after a prompt of root, `# `. */
  readonly root: boolean;
}

export interface ConsoleSession {
  readonly commands: readonly ConsoleCommand[];
  /** False when a quote, heredoc, or compound command of the last one never ends. */
  readonly whole: boolean;
}

/** Languages in which a lone `# ` begins a command; elsewhere it begins a comment. */
const SESSIONS: ReadonlySet<string> = new Set([
  'console',
  'shell-session',
  'shellsession',
  'terminal',
  'sh-session',
  'bash-session',
]);
/** `$ ` · `❯ ` · `user@host:~/x$ ` · `user@host: ` · `[root@host x]# ` · `bash-5.2$ ` · `~$ ` · `(venv)$ ` · `~/x $ `, perhaps after `(venv) ` or `({{ name }}) `. Groups: the sign, then the command. */
const PROMPTS = [
  /([$❯])(?:\s(.*))?/,
  /\[?[\w.-]{1,64}@[\w.-]{1,64}(?:[: ][^$#%]{0,200})?\]?\s?([$#%])(?:\s(.*))?/,
  /[\w.-]{1,64}@[\w.-]{1,64}(:)\s(.*)/,
  /(?:ba|z|da)?sh-[\d.]{1,10}([$#])(?:\s(.*))?/,
  /(?:~|\([\w.-]{1,40}\)(?=\$))([$#])(?:\s(.*))?/,
  /[~/][^\s$#%]{0,200}\s?([$#])(?:\s(.*))?/,
].map(({ source }) => new RegExp(`^(?:\\((?:[\\w.-]{1,40}|\\{\\{[^{}()]{1,40}\\}\\})\\)\\s)?${source}$`));
/** Each of them has one of these. */
const SIGN = /[$❯#%@]/;
/** What follows a `# ` that is a prompt: comments mostly begin with a capital or go on with a second hash. */
const ROOT_COMMAND = /^#\s([a-z0-9_./~-][\w./+=-]*(?:\s.*)?)$/;

interface Prompt {
  readonly text: string;
  readonly root: boolean;
}
type PromptReader = (line: string) => Prompt | undefined;

/**
 * Commands and what they print, of a block that shows a session with a shell. Undefined when it shows none: a script, PowerShell,
 * the prompt of another program. Only blank lines and comments may stand before the first prompt. A lone `# ` is the prompt of
 * root only in a session's language and when there is no other prompt; else it begins a comment.
 * @param language of the block, lower case
 */
export function readConsole(text: string, language: string): ConsoleSession | undefined {
  if (!SIGN.test(text)) return undefined;
  const lines = withoutMargin(text);
  const promptOf = findPrompts(lines, language);
  if (promptOf === undefined) return undefined;
  const commands: ConsoleCommand[] = [];
  let whole = true;
  let at = lines.findIndex((line) => promptOf(line) !== undefined);
  for (let prompt = promptOf(lines[at] ?? ''); prompt !== undefined; prompt = promptOf(lines[at] ?? '')) {
    const command = readCommand(prompt.text, lines, at + 1, promptOf);
    whole &&= command.whole;
    let end = command.next;
    while (end < lines.length && promptOf(lines[end] ?? '') === undefined) end += 1;
    const output = outputOf(lines.slice(command.next, end), end < lines.length);
    if (command.text.trim() !== '') commands.push({ text: command.text, line: at, output, root: prompt.root });
    at = end;
  }
  return commands.length === 0 ? undefined : { commands, whole };
}

function withoutMargin(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const margin = /^\s*/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  return lines.map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line));
}

function findPrompts(lines: readonly string[], language: string): PromptReader | undefined {
  const isSession = SESSIONS.has(language);
  // `~/x $ y` may be a line of a script.
  const prompts = isSession ? PROMPTS : PROMPTS.slice(0, -1);
  const shell: PromptReader = (line) => {
    for (const prompt of prompts) {
      const [, sign, text = ''] = prompt.exec(line) ?? [];
      if (sign !== undefined) return { text, root: sign === '#' };
    }
    return undefined;
  };
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  if (first !== undefined && shell(first) !== undefined) return shell;
  const top = lines.find((line) => line.trim() !== '') ?? '';
  return isSession && rootPrompt(top) !== undefined && !lines.some((line) => shell(line) !== undefined)
    ? rootPrompt
    : undefined;
}

function rootPrompt(line: string): Prompt | undefined {
  const [, text] = ROOT_COMMAND.exec(line) ?? [];
  return text === undefined ? undefined : { text, root: true };
}

interface ReadCommand {
  readonly text: string;
  /** The line after it. */
  readonly next: number;
  readonly whole: boolean;
}

/** A command and the lines on which it goes on, which may have the prompt `> `. */
function readCommand(first: string, lines: readonly string[], from: number, promptOf: PromptReader): ReadCommand {
  const shell = new ShellLines();
  const text = [first];
  shell.add(first);
  const prompted = hasContinuationPrompts(lines, from, shell.delimiter);
  let next = from;
  while (shell.unfinished && next < lines.length) {
    const line = lines[next] ?? '';
    if (shell.delimiter === undefined && promptOf(line) !== undefined) break;
    const shown = prompted && /^>(?:\s|$)/.test(line) ? line.slice(2) : line;
    shell.add(shown);
    text.push(shown);
    next += 1;
  }
  return { text: text.join('\n').trimEnd(), next, whole: !shell.unfinished };
}

/** In a heredoc, lines that begin with `>` may be its content: what counts is how its end is shown. */
function hasContinuationPrompts(lines: readonly string[], from: number, delimiter: string | undefined): boolean {
  if (!/^>(?:\s|$)/.test(lines[from] ?? '')) return false;
  if (delimiter === undefined) return true;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.replace(/^>?\s*/, '') === delimiter) return line.startsWith('>');
  }
  return false;
}

/** Comments right before the next prompt explain that; they were not printed. */
function outputOf(lines: readonly string[], promptFollows: boolean): string {
  let end = lines.length;
  const isComment = (line: string): boolean => promptFollows && line.startsWith('#');
  while (end > 0 && ((lines[end - 1] ?? '').trim() === '' || isComment(lines[end - 1] ?? ''))) end -= 1;
  return lines.slice(0, end).join('\n');
}
