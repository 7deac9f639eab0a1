import { turnsOrder } from '#ir/direction.js';
import type { ShellFacts } from '../../shell/facts.js';
import { isKnownProgram } from '../../shell/programs.js';
import { formOfFile } from '../blocks/file-format.js';
import { readHttpRequest } from '../blocks/http-request.js';
import { databaseOf, holdsTransaction, sqlStatements } from '../blocks/statements.js';
import { isTyped, readsAsCommands } from '../blocks/typed.js';
import { isReading, terminalNeed } from '../blocks/work.js';
import { tellsDeed } from '../words/deeds.js';
import { asksFor, saysFileContent, saysOutput, saysRun, saysSeen } from '../words/intro.js';
import { roleOfIntro } from '../words/roles.js';
import {
  codeLines,
  hasEllipsis,
  holdsOutput,
  isCommentOnly,
  isConfiguration,
  isCrontab,
  isScriptFile,
  isSynopsis,
  withoutHeredocs,
} from '../words/text.js';
import { configurationPart } from './configuration-part.js';
import { isFileContent } from './file-content.js';
import { isShell, type RuleGroup, rule, type Subject } from './rule.js';

/** A text in quotes, and nothing else. A path may have blanks, too: `"/opt/my tools/run"`. */
const isText = (line: string): boolean => QUOTED.test(line.trim()) && /\s/.test(line.trim());
const QUOTED = /^(?:"[^"$`/=]*"|'[^'/=]*')$/;
const FAILURE = /^\W*(?:(?:error|fatal|fehler|erreur)\s*:|traceback\b)/i;

/** What cannot be run, or is not a script at all, whatever it stands under. */
export const FORM: RuleGroup = {
  title: 'What is no script',
  rules: [
    rule(
      'empty',
      'is empty, or holds comments only',
      'leave_out',
      'it holds nothing to run',
      ({ script, kind }) => script.trim() === '' || (isShell(kind) && isCommentOnly(script)),
    ),
    rule(
      'foreign-shell',
      'is for PowerShell, cmd, fish or another shell that is not POSIX, or for Windows by its paths and programs',
      'leave_out',
      'it is for another kind of shell',
      ({ kind, script, facts }) => kind === 'foreign-shell' || (isShell(kind) && isForWindows(script, facts)),
    ),
    rule(
      'other-language',
      'is in a language that is not run: JSON, YAML, text, a diff, a program',
      'leave_out',
      'its language is not one that is run',
      ({ kind }) => kind === 'other',
    ),
    rule(
      'sql-without-database',
      'is SQL, and nothing says on which database',
      'leave_out',
      'nothing says on which database: `database:` in the front matter, or `database=SECRET` beside the language',
      ({ kind, block, settings }) => kind === 'sql' && databaseOf(block, settings) === undefined,
    ),
    rule(
      'sql-transaction',
      'is SQL that opens or ends a transaction: each statement runs in one of its own',
      'leave_out',
      'each statement runs in a transaction of its own',
      ({ kind, script }) =>
        kind === 'sql' && (sqlStatements(script).length === 0 || holdsTransaction(sqlStatements(script))),
    ),
    rule(
      'not-a-request',
      'is `http` and no single request: an answer, several requests, a path without a host',
      'leave_out',
      'it is not one request with a whole address',
      ({ kind, script }) => kind === 'http' && readHttpRequest(script) === undefined,
    ),
    rule(
      'session-without-prompt',
      'is a console session without a prompt, and not only commands of known programs: output, or the language of another program',
      'leave_out',
      'it is a console session without a prompt, so nothing tells commands from output',
      ({ kind, block, script, facts, typed }) =>
        kind === 'console' && !isConsoleRead(block.text) && !isTyped(script, facts, typed),
    ),
    rule(
      'untagged-not-commands',
      'has no language, and not every line is a command: of a known program, of one that the document types elsewhere (in shell, after a prompt, at the head of several blocks and once with an option), or, in a runbook, one with options that the text asks to run',
      'leave_out',
      'it has no language and does not read as commands only',
      (subject) =>
        subject.kind === 'untagged' && !isTyped(subject.script, subject.facts, subject.typed) && !isAsked(subject),
    ),
    rule(
      'script-file',
      'starts with `#!`, perhaps below comments: it is the content of a file',
      'leave_out',
      'it is a script to be put into a file',
      ({ kind, script }) => isShell(kind) && isScriptFile(script),
    ),
    rule(
      'crontab',
      'is a table of cron',
      'leave_out',
      'it is a line for cron',
      ({ kind, script }) => isShell(kind) && isCrontab(script),
    ),
    rule(
      'configuration',
      'is configuration in spite of its tag: YAML, JSON, INI, systemd, nginx',
      'leave_out',
      'it is configuration, not commands',
      ({ kind, script, facts }) => isShell(kind) && isConfiguration(withoutHeredocs(withoutFirst(script, facts))),
    ),
    {
      id: 'file-format',
      when: 'has the form of a file: blocks in braces, `name = value`, directives, a table of hosts or mounts, a recipe of an image or of `make`; beside commands, a person does it',
      decide: ({ kind, script }) => {
        const part = isShell(kind) ? formOfFile(withoutHeredocs(script)) : undefined;
        if (part === undefined) return undefined;
        if (part === 'all') return { label: 'leave_out', why: 'its lines have the form of a file, not of commands' };
        return { label: 'manual', why: 'some of its lines have the form of a file, so a person does it' };
      },
    },
    {
      id: 'configuration-part',
      when: 'holds, below a comment that names a file of settings, what that file shall hold; beside commands, a person does it',
      decide: ({ kind, script }) => {
        const part = isShell(kind) ? configurationPart(script) : undefined;
        if (part === undefined) return undefined;
        if (part === 'all') return { label: 'leave_out', why: 'it is what a file of settings shall hold' };
        return { label: 'manual', why: 'a part of it is what a file of settings shall hold, so a person does it' };
      },
    },
    rule(
      'synopsis',
      'shows how a command is called: `tool [options] <file>`, `{start|stop}`',
      'leave_out',
      'it shows how a command is called',
      ({ kind, script, facts, standing }) =>
        isShell(kind) && isSynopsis(standing.readme || !isToFill(facts) ? script : withoutSquares(script)),
    ),
    rule(
      'ellipsis',
      'leaves something out with `...` or `…`',
      'leave_out',
      'something is left out in it',
      ({ kind, script }) => isRunnable(kind) && hasEllipsis(script),
    ),
    rule(
      'text-not-command',
      'has a line that is a text (`"connection timeout"`, `v1.0 – first release`) where a command would stand',
      'leave_out',
      'a line of it is a text, and no command',
      ({ kind, script, facts, intro }) =>
        (isShell(kind) && facts.commands.some(({ program }) => /\s/.test(program)) && codeLines(script).some(isText)) ||
        facts.commands.some(({ args: [first = ''] }) => /^[–—]$/.test(first)) ||
        (listsPaths(script) && FILES.test(intro)),
    ),
    rule(
      'shows-failure',
      'is a session that does more than look, and whose output begins with an error: it shows what goes wrong',
      'leave_out',
      'it shows what goes wrong',
      ({ kind, facts, shown }) => isShell(kind) && !isReading(facts) && FAILURE.test(shown ?? ''),
    ),
    rule(
      'holds-output',
      'mixes commands with what they print, without prompts to tell them apart',
      'leave_out',
      'it holds output beside commands',
      ({ kind, script, block }) =>
        (kind === 'shell' || kind === 'untagged' || (kind === 'console' && !isConsoleRead(block.text))) &&
        holdsOutput(script),
    ),
    rule(
      'shown-output',
      'follows a sentence like "the output looks like this" and has no prompt; tagged as shell, only where no program of it is known',
      'leave_out',
      'the text before it says that it is output',
      isShownOutput,
    ),
    rule(
      'not-parsed',
      'the grammar of bash finds an error in, or signs that turn the direction of text',
      'leave_out',
      'the grammar of the shell finds an error in it, or it holds signs that turn the direction of text, so it may not do what it looks like',
      ({ kind, form, facts, block }) => (isShell(kind) ? !facts.parsed : form !== 'shell' && turnsOrder(block.text)),
    ),
    {
      id: 'other-programs-language',
      when: 'has lines in the language of another program: SQL, PromQL, Python; in a procedure of a runbook a person does it',
      decide: ({ kind, script, facts, shown, standing }) => {
        if (!isShell(kind) || terminalNeed(facts) !== undefined) return undefined;
        if (!holdsOtherLanguage(script, facts) && !OTHER_PROMPT.test(shown ?? '')) return undefined;
        const why = 'some of its lines are for another program than the shell';
        return { label: standing.readme || standing.place === 'reference' ? 'leave_out' : 'manual', why };
      },
    },
    rule(
      'file-content',
      'is what a file shall hold: it only sets variables, aliases or options, and the text says so or nothing reads them',
      'leave_out',
      'it belongs into a file: it only sets what nothing here reads',
      isFileContent,
    ),
  ],
};

/** "Simply run:", "Create the service.", or a numbered step, above what has the form of commands, whatever program they are of. */
function isAsked({ script, facts, standing, intro, block, typed }: Subject): boolean {
  const tells =
    saysRun(intro) ||
    (asksFor(intro) && !saysFileContent(intro)) ||
    (intro === '' && tellsDeed(standing.headings[0] ?? ''));
  if (standing.readme || !(tells || block.item !== undefined)) return false;
  return readsAsCommands(script, facts, typed);
}

function isShownOutput({ kind, intro, facts, script, before }: Subject): boolean {
  const says = () => saysOutput(intro) || roleOfIntro(intro) === 'output';
  if (kind === 'untagged') return says();
  const known = facts.commands.some(({ program, args }) => isKnownProgram(program, args));
  if (kind !== 'shell' || known) return false;
  // "You should see `ok`.", of the block above: what is seen stands there.
  if (before?.kind === 'code' && before.outroCode.length > 0 && !/[:：]\W*$/.test(intro)) return false;
  return (says() || saysSeen(intro)) && !/^\s*[$#>] /m.test(script);
}

const WINDOWS_PATH = /^(?:[^'"#\n]*[\s=])?(?:\.{1,2}|[A-Za-z]:|[\w.-]*env|%\w+%)\\[\w.]/m;
const WINDOWS = /^(?:winget|scoop|wsl|iwr|iex|setx|powershell|pwsh|powershell\.exe|cmd|cmd\.exe|[A-Z]\w+-[A-Z]\w+)$/;

/** `node .\\src\\server.js`, `.venv\\Scripts\\activate`, `winget install x`. */
function isForWindows(script: string, { commands }: Subject['facts']): boolean {
  if (script.includes('\\') && WINDOWS_PATH.test(script)) return true;
  return commands.some(({ program }) => WINDOWS.test(program));
}

function isRunnable(kind: Subject['kind']): boolean {
  return isShell(kind) || kind === 'http' || kind === 'sql';
}

function isConsoleRead(text: string): boolean {
  return /^\s*(?:\([\w.-]+\)\s)?(?:[$❯#%>]\s|\[?[\w.-]+@|(?:ba|z|da)?sh-[\d.]+|[~/]\S*\s?[$#]\s)/m.test(text);
}

/** `SELECT`, `INFO`, `SLOWLOG`: people type no program in capitals, but words of SQL, Redis and the like. */
function isOtherWord(program: string, args: readonly string[]): boolean {
  return /^[A-Z]{3,}$/.test(program) && !isKnownProgram(program, args);
}

/** `find_package(rclcpp REQUIRED)`: a function of the shell is called without brackets. */
const CALL = /^[a-z_]\w*\([^()"'`$]{1,200}\);?$/i;

/** `mysql> FLUSH TABLES;`, `shop=# \\d`, where a session shows what it prints: no output, but typed as well. */
const OTHER_PROMPT =
  /^[ \t]*(?:(?:mysql|mariadb \[[^\]\n]*\]|sqlite|mongo\w*|redis|s?ftp|postgres)\s?[>#]\s?[^\s>#=]|[\w-]+=#\s?\S|[\w-]+=>\s?(?:\\|select|insert|update|delete|create|alter|drop)\b)/im;

function holdsOtherLanguage(script: string, { commands }: Subject['facts']): boolean {
  if (commands.some(({ program, args, substituted }) => !substituted && isOtherWord(program, args))) return true;
  const lines = codeLines(withoutHeredocs(script));
  if (lines.every((line) => CALL.test(line))) return true;
  return lines.some((line) =>
    /^(?:import \w+(?:\.\w+)*$|from \w+ import |def \w+\(.*\):$|const \w+ = |let \w+ = |>>> )/.test(line),
  );
}

/** `curl … | jq '.[] | {` with more lines of that language below: what lies within the quotes of a command is none of its own. */
function withoutFirst(script: string, { parsed, commands }: ShellFacts): string {
  const [first] = commands;
  const known = first !== undefined && first.args.length > 0 && !first.program.startsWith('[');
  if (!parsed || !known || !isKnownProgram(first.program, first.args)) return script;
  const piped = commands.findIndex(({ start, input }) => start > first.end && input.kind !== 'pipe');
  const end = commands[(piped < 0 ? commands.length : piped) - 1]?.end ?? first.end;
  return script.slice(0, end).includes('\n') ? script.slice(end) : script;
}

/** Names in square brackets, in commands of programs that are known: `kubectl delete pod [pod-name]`, `pmap -x [PID]`. */
function isToFill({ parsed, commands, placeholders }: ShellFacts): boolean {
  const known = commands.filter(({ program }) => program !== '');
  return (
    parsed &&
    placeholders.some(({ text, place }) => text.startsWith('[') && place !== 'no') &&
    known.every(({ program, args }) => isKnownProgram(program, args))
  );
}

function withoutSquares(script: string): string {
  return script.replaceAll(/\[[A-Za-z][A-Za-z0-9_-]*\]/g, 'x');
}

const FILES = /\b(?:find|found|located|paths?|files?|director(?:y|ies)|stored|lies?)\b/i;

/** Files, one on each line, some of which nobody executes. */
function listsPaths(script: string): boolean {
  const lines = codeLines(script);
  return (
    lines.length > 1 &&
    lines.every((line) => /^\s*[~/][\w./-]+\s*$/.test(line)) &&
    lines.some((line) => /\.(?:desktop|conf|cfg|ya?ml|json|service|txt|md|log|env|ini|toml|pem|crt|key)\s*$/.test(line))
  );
}
