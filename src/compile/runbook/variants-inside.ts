import type { Command, ShellFacts } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import { plainWords } from '../shell/judge/shapes.js';
import { codeLines } from './rules-text.js';

/** "Drain", "drain with force", "drain with a grace period": of one command, shown with other options again and again, one is taken. */
export function listsVariants(script: string, { commands }: ShellFacts): boolean {
  const acting = commands.filter((command) => isTold(command) && !isReadOnly(command));
  const counts = new Map<string, Set<string>>();
  for (const command of acting) {
    const key = [command.program, ...plainWords(command)].join(' ');
    const seen = counts.get(key) ?? new Set<string>();
    counts.set(key, seen.add(command.args.join(' ')));
  }
  const most = Math.max(0, ...[...counts.values()].map(({ size }) => size));
  return most > 2 || namesScopes(script);
}

/** Nothing is made ready, tried or sent in parts by it: `helm upgrade --dry-run` comes before `helm upgrade`. */
function isTold({ program, args, substituted }: Command): boolean {
  return !substituted && !/^(?:|cd|echo|printf|export|set|git|source|sleep)$/.test(program) && args.length > 0;
}

/** Comments that say of the command below them how much it is about: the latest, a given one, all. */
const SCOPES: readonly RegExp[] = [
  /\b(?:latest|newest|most recent|último|última|dernière?|letzte[nrs]?|neueste[nrs]?)\b|最新|最近的/iu,
  /\b(?:specific|particular|given|certain|específic[oa]|spécifique|bestimmte[nrs]?|spezifische[nrs]?)\b|特定|指定/iu,
];

/** `# Restore the latest backup` and `# Restore a specific backup`, each above one command. */
function namesScopes(script: string): boolean {
  if (!script.includes('#')) return false;
  const comments = script.split('\n').filter((line) => /^\s*#/.test(line));
  return codeLines(script).length > 1 && SCOPES.every((scope) => comments.some((line) => scope.test(line)));
}
