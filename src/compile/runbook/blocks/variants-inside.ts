import { entry } from '#kit/entry.js';
import type { Command, ShellFacts } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { type Phrase, phrase } from '../words/phrase.js';
import { codeLines, isCodeLine } from '../words/text.js';

/** "Drain", "drain with force", "drain with a grace period": of one command, shown again and again with more options, one is taken. */
export function listsVariants(script: string, { commands }: ShellFacts): boolean {
  const told = commands.filter(isTold);
  const acting = told.length < FEWEST ? [] : told.filter((command) => !isReadOnly(command));
  if (repeatsWithMore(acting) || isForKinds(commands) || callsOneScript(script, commands)) return true;
  return script.includes('#') && COMMENTED.some((told) => told(script));
}

const FEWEST = 3;

/** The shortest of a program's commands, and two others that have all of its words and more. */
function repeatsWithMore(commands: readonly Command[]): boolean {
  const programs = new Map<string, Set<string>>();
  for (const { program, args } of commands) entry(programs, program, () => new Set<string>()).add(args.join('\n'));
  return [...programs.values()].some((written) => {
    if (written.size < FEWEST) return false;
    const [base = [], ...others] = [...written].map((words) => words.split('\n')).sort((a, b) => a.length - b.length);
    return others.filter((words) => addsOptions(base, words)).length > 1;
  });
}

/** All of its words, and nothing else but options. */
function addsOptions(base: readonly string[], words: readonly string[]): boolean {
  const more = words.filter((word) => !base.includes(word));
  return more.length > 0 && more.every((word) => word.startsWith('-')) && base.every((word) => words.includes(word));
}

const SCRIPT = /^\s*(?:[A-Z_]\w*=\S*\s+)*((?:[\w.-]*\/)+[\w-]+\.(?:sh|py|bash))(?=\s|$)/;

/** `./certs.sh`, `./certs.sh web`, `./certs.sh --root`: all that the block does is to show how one script is called. */
function callsOneScript(script: string, commands: readonly Command[]): boolean {
  const lines = codeLines(script);
  if (lines.length < 2 || lines.length !== commands.length) return false;
  const calls = new Set(lines.map((line) => SCRIPT.exec(line)?.[1]));
  return calls.size === 1 && !calls.has(undefined);
}

/** `kubectl restart deployment <name>`, `kubectl restart statefulset <name>`: what the one name stands for is of one kind. */
function isForKinds(commands: readonly Command[]): boolean {
  const kinds = new Map<string, Set<string>>();
  for (const { program, args } of commands) {
    const named = /^(?:kubectl|oc)$/.test(program) ? args.find((word) => /^<[^<>]+>$/.test(word)) : undefined;
    if (named === undefined) continue;
    entry(kinds, `${args[0]} ${named}`, () => new Set<string>()).add(args.slice(1, args.indexOf(named)).join(' '));
  }
  return [...kinds.values()].some(({ size }) => size > 1);
}

/** Nothing is made ready, tried or sent in parts by it: `helm upgrade --dry-run` comes before `helm upgrade`. */
function isTold({ program, args, substituted }: Command): boolean {
  return !substituted && !/^(?:|cd|echo|printf|export|set|git|source|sleep)$/.test(program) && args.length > 0;
}

/** Comments that say of the command below them how much it is about: the latest, a given one, all. */
const SCOPES: readonly Phrase[] = [
  phrase(
    /\b(?:latest|newest|most recent|previous|last|último|última|dernière?|letzte[nrs]?|neueste[nrs]?)\b|最新|最近的/iu,
  ),
  phrase(
    /\b(?:specific|particular|given|certain|específic[oa]|spécifique|bestimmte[nrs]?|spezifische[nrs]?)\b|特定|指定/iu,
  ),
];

/** `# Restore the latest backup` and `# Restore a specific backup`, each above one command. */
function namesScopes(script: string): boolean {
  const comments = script.split('\n').filter((line) => /^\s*#/.test(line));
  return codeLines(script).length > 1 && SCOPES.every((scope) => comments.some((line) => scope.test(line)));
}

const CASE =
  /^\s*#+\s*(?:(for|using|with|via|für|mit|pour|avec|para|con|per|usando)\s+\S+(?:\s+\S+){0,4}|\S+(?:\s+\S+)?\s+(ile|için))\s*:?\s*$/i;

/** `# For deployments`, and `# For stateful sets` further down. */
function namesCases(script: string): boolean {
  const words = script.split('\n').flatMap((line) => {
    const [, before, after] = CASE.exec(line) ?? [];
    return (before ?? after)?.toLowerCase() ?? [];
  });
  return new Set(words).size < words.length;
}

const EXAMPLE = phrase(
  /^\s*#+\s*(?:(?:for )?examples?|e\.g\.|(?:zum )?beispiel|(?:por )?ejemplo|(?:par )?exemple|(?:por )?exemplo|(?:per )?esempio|przykład|например|пример|örnek|例|示例|예)\s*[:：]?\s*$/iu,
);

/** Below its commands, the same once more as one would type it. */
function showsExample(script: string): boolean {
  const lines = script.split('\n');
  const begun = lines.findIndex(isCodeLine);
  return lines.some((line, at) => at > begun && EXAMPLE.test(line));
}

const COMMENTED = [namesScopes, namesCases, showsExample];
