import type { Command, ShellFacts } from '../../shell/facts.js';
import { isActing } from '../../shell/judge/acting.js';
import { asserts } from '../../shell/judge/asserting.js';
import { isInteractive } from '../../shell/judge/interactive.js';
import { managerOf } from '../../shell/judge/managers.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { isLongRunning, type LongRunning } from '../../shell/judge/running.js';
import { launchedBy, scriptArgument } from '../../shell/wrappers.js';
import type { Readiness } from './decision.js';

/** What a whole script does, told from its commands. */

/** It brings the program that a README is about: clones, installs, or starts a project from a template. */
export function isFetching({ commands }: ShellFacts): boolean {
  return commands.some((command) => {
    const { program, args } = command;
    if (managerOf(command)?.action === 'install') return true;
    if (program === 'git') return args.includes('clone');
    return (
      /^(?:npm|npx|pnpm|yarn|bun|bunx)$/.test(program) &&
      args.some((arg) => /^(?:create(?:-.*)?|init|degit)$/.test(arg))
    );
  });
}

/** Names from a document become part of a script: nothing but what packages are called. */
export function isPackageName(name: string): boolean {
  return /^@?[A-Za-z0-9][\w.+/-]*$/.test(name);
}

/** Some command is known to change something, as opposed to those of which nobody knows. */
export function isActingWork({ commands }: ShellFacts): boolean {
  return commands.some((command) => isActing(command));
}

/** Nothing is changed by any command; there is at least one. Variables for what follows are set by none. */
export function isReading({ commands }: Pick<ShellFacts, 'commands'>): boolean {
  return commands.some(isDeed) && !commands.some((command) => doesMore(command, commands));
}

/** Not a mere assignment. */
function isDeed({ program, writes }: Command): boolean {
  return program !== '' || writes.length > 0;
}

/** It does more than look, and than start another command, which is judged by itself. */
function doesMore(command: Command, commands: readonly Command[]): boolean {
  return isDeed(command) && !isReadOnly(command) && !isCarrier(command, commands);
}

/** To go somewhere is to look at nothing. */
export function onlyMoves({ commands }: ShellFacts): boolean {
  return commands.length > 0 && commands.every(({ program }) => program === 'cd');
}

/** It goes somewhere or sets something, and what follows may need that. `> file` empties one. */
export function onlySets({ commands }: ShellFacts): boolean {
  return commands.every(({ program, writes }) => SETTING.test(program) && writes.length === 0);
}

const SETTING = /^(?:|cd|export|readonly|declare|typeset)$/;

/** It only looks, and what it writes to try something it removes again: `echo x > /mnt/probe`, `rm /mnt/probe`. */
export function isLooking(facts: ShellFacts): boolean {
  const { commands } = facts;
  if (isReading(facts)) return true;
  const removed = new Set(commands.flatMap((command) => (isPlainRemoval(command) ? filesOf(command) : [])));
  const written = new Set(commands.flatMap((command) => writtenBy(command)));
  if (removed.size === 0 || [...removed].some((file) => !written.has(file))) return false;
  const tried = commands.filter(
    (command) => !isPlainRemoval(command) && !writtenBy(command).some((file) => removed.has(file)),
  );
  return tried.length === 0 || isReading({ ...facts, commands: tried });
}

function isPlainRemoval({ program, args }: Command): boolean {
  return program === 'rm' && args.every((word) => word === '-f' || !/^-|[*?$]/.test(word));
}

function filesOf({ args }: Command): readonly string[] {
  return args.filter((word) => !word.startsWith('-'));
}

/** The files that a command makes which does nothing else. */
function writtenBy(command: Command): readonly string[] {
  if (command.program === 'touch') return filesOf(command);
  return isReadOnly({ ...command, writes: [] }) ? command.writes : [];
}

const CARRIERS = /^(?:kubectl|oc|docker|docker-compose|podman|ssh|watch|xargs|find)$/;

/** It only starts another command, which is judged by itself: `kubectl exec POD -- CMD`, `ssh HOST '…'`, `watch CMD`. */
function isCarrier(command: Command, commands: readonly Command[]): boolean {
  const { program, args, writes, start, end } = command;
  if (writes.length > 0) return false;
  const launches =
    CARRIERS.test(program) &&
    launchedBy(program, args) !== undefined &&
    !args.some((word) => (word === 'run' && !args.includes('--rm')) || word === '-delete');
  if (!launches && (program === 'su' || scriptArgument(program, args) === undefined)) return false;
  return commands.some((other) => other !== command && other.start >= start && other.end <= end);
}

/** Some command installs programs; the others only look, or get the list of what there is to install. */
export function isInstall({ commands }: ShellFacts): boolean {
  const managers = commands.map(managerOf);
  const installs = managers.some((manager) => manager?.action === 'install' && manager.packages.length > 0);
  return (
    installs &&
    commands.every((command, i) => managers[i]?.action === 'install' || isListUpdate(command) || isReadOnly(command))
  );
}

function isListUpdate({ program, args }: Command): boolean {
  return (
    /^(?:apt|apt-get|brew|apk|dnf|yum|pacman)$/.test(program) && args.some((arg) => /^(?:update|-Sy+u?|tap)$/.test(arg))
  );
}

/** What installs name, each once: `jq`, `postgresql-client`. */
export function installed({ commands }: ShellFacts): string[] {
  return [...new Set(commands.flatMap((command) => [...(managerOf(command)?.packages ?? [])]))];
}

const SHELL_ONLY: ReadonlySet<string> = new Set([
  '',
  'cd',
  'export',
  'set',
  'source',
  '.',
  'unset',
  'alias',
  'pushd',
  'popd',
]);

/** What changes something outside of the shell. */
export function changesOf({ commands }: ShellFacts): readonly Command[] {
  return commands.filter(
    (command) => !SHELL_ONLY.has(command.program) && !isReadOnly(command) && !isCarrier(command, commands),
  );
}

/** Something outside of the shell is changed: there is something to undo. */
export function isChangingWork(facts: ShellFacts): boolean {
  return changesOf(facts).length > 0;
}

/** Some command fails when what is expected is not so. */
export function isAsserting({ commands }: ShellFacts): boolean {
  return commands.some((command) => asserts(command) !== undefined);
}

/** Why a person at a terminal is needed; undefined when nobody is. */
export function terminalNeed({ commands }: ShellFacts): string | undefined {
  for (const command of commands) {
    const reason = isInteractive(command);
    if (reason !== undefined) return `\`${command.program}\` ${reason}`;
  }
  return undefined;
}

export interface Endless {
  readonly program: string;
  /** Where it stands in the script, with what it is piped into. */
  readonly start: number;
  readonly end: number;
  readonly readiness: Readiness;
  /** Other commands come after it, which would never start. */
  readonly blocks: boolean;
  /** It only shows what goes on (`tail -f`), or opens the way to look after other commands looked (`kubectl port-forward`). */
  readonly looks: boolean;
}

const ALIVE_MS = 5000;

/**
 * What of a script does not end by itself, in its order: how one knows that it has come up.
 *
 * @param around text beside the block, which may name the address that it answers at
 * @param script what sets a variable that is its port
 */
export function* goingOn({ commands }: ShellFacts, around: string, script = ''): Generator<Endless> {
  for (const [at, command] of commands.entries()) {
    const running = command.inBackground || command.substituted ? undefined : runningOf(command);
    if (running === undefined) continue;
    let next = at + 1;
    let end = command.end;
    for (let one = commands[next]; one !== undefined; one = commands[next]) {
      if (one.start > command.end) {
        if (one.input.kind !== 'pipe') break;
        end = one.end;
      }
      next += 1;
    }
    const said = running.port ?? setIn(script, running.portVariable);
    const port = said ?? (running.kind === 'server' ? portIn(around) : undefined);
    const looks =
      isReading({ commands: commands.slice(at, next) }) || (at > 0 && command.args.includes('port-forward'));
    const readiness: Readiness = port === undefined ? { aliveMs: ALIVE_MS } : { port };
    const { program, start } = command;
    yield { program, start, end, readiness, blocks: next < commands.length, looks };
  }
}

/** The first that does not end by itself. */
export function endless(facts: ShellFacts, around: string, script = ''): Endless | undefined {
  const [first] = goingOn(facts, around, script);
  return first;
}

/** Where the last command begins that does more than look. */
export function lastChange({ commands }: ShellFacts): number | undefined {
  return commands.findLast((command) => doesMore(command, commands))?.start;
}

/** Programs that nobody knows, but whose first word is a convention: `tool serve`. */
function runningOf(command: Command): Omit<LongRunning, 'reason'> | undefined {
  const known = isLongRunning(command);
  if (known !== undefined) return known;
  const { program, args } = command;
  const serves =
    program !== '' && /^(?:serve|daemon)$/.test(args[0] ?? '') && !isReadOnly(command) && !args.includes('--help');
  return serves ? { kind: 'server' } : undefined;
}

function portIn(text: string): number | undefined {
  const [, digits] = /\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b/.exec(text) ?? [];
  return portOf(digits);
}

/** The value of `$API_PORT` where a script sets it, to one value alone, or the default of `${API_PORT:-8000}`. */
function setIn(script: string, variable: string | undefined): number | undefined {
  const [, name, otherwise] = /^\$\{?(\w+?)(?::?-(\d+))?\}?$/.exec(variable ?? '') ?? [];
  if (name === undefined) return undefined;
  const set = [...script.matchAll(/\b(\w+)=["']?(?:\$\{\w+:?-)?(\d*)/g)].filter(([, one]) => one === name);
  const values = new Set(set.map(([, , value]) => value));
  if (values.size > 1) return undefined;
  const [only = otherwise] = values;
  return portOf(only);
}

function portOf(digits: string | undefined): number | undefined {
  const port = Number(digits);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** It starts something with `&` and neither waits for it nor takes it out of its own group: the tool ends what a step leaves behind. */
export function leavesBehind({ commands }: ShellFacts, script: string): boolean {
  return commands.some(({ inBackground, remote }) => inBackground && !remote) && !KEEPS.test(script);
}

const KEEPS = /\b(?:wait|fg|kill|setsid|systemd-run)\b/;
