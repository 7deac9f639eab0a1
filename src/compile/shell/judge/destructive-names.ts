import type { Command } from '#compile/shell/facts.js';
import { isKnownProgram } from '../programs.js';
import { STRONG, WEAK } from './destructive/words.js';
import { plainWords } from './shapes.js';

/** Programs that run a task which the project names: nobody knows what it does, but its name says. */
const RUNNERS =
  /^(?:make|gmake|just|task|mage|invoke|inv|fab|cap|rake|rails|npm|pnpm|yarn|bun|deno|nx|turbo|lerna|composer|gradle|gradlew|mvn|mvnw|ant|sbt|lein|mix|mise|grunt|gulp|hatch|pdm|rye|poetry|pipenv|bash|sh|zsh|dash|ksh|source|\.|node|tsx|ts-node|python[\d.]*|ruby|perl|php|lua|Rscript|julia|elixir|pwsh|ansible-playbook)$/;
/** They do it behind `run` alone. */
const BUILDERS = /^(?:go|cargo|swift|dotnet|uv)$/;
/** Behind these words of a package manager stand packages. */
const PACKAGES =
  /^(?:install|i|ci|add|remove|rm|r|un|uninstall|unlink|link|update|upgrade|up|why|info|view|show|search|outdated|dlx|require|publish|audit|ls|list|lock)$/;
const MANAGERS = /^(?:npm|pnpm|yarn|bun|deno|composer|poetry|pipenv|pdm|rye|hatch|mise)$/;

const WORDS = new RegExp(
  `^(?:${STRONG}|tear[-_]?down|destroyer|destroyall|wipeout|nuke|obliterate|erase|uninstall|factory[-_]?reset)$`,
  'i',
);
const REMOVES = new RegExp(`^(?:${WEAK}|rm|clean|clear)$`, 'i');
const DATABASE = /^(?:db|database|data|schema|volumes?)$/i;
const WHOLE = /^(?:all|dbs?|databases?|clusters?|users?|everything)$/i;
const JOINED = new RegExp(
  `^(?:(?:${STRONG}|${WEAK})(?:db|database|all|cluster)|(?:db|database)(?:${STRONG}|${WEAK}))$`,
  'i',
);
/** What a program that nobody knows is told to do. */
const TOLD = new RegExp(`^(?:${STRONG})$`, 'i');

/** A script or a task that is named after destroying something: `./teardown.sh`, `make destroy`, `npm run db:reset`. */
export function destroysByName(command: Command): string | undefined {
  const named = namesOf(command).find(saysDestruction);
  if (named !== undefined) return `is called "${named}", so it removes what may be needed`;
  const told = isKnownProgram(command.program, command.args) || command.program === '' ? [] : plainWords(command);
  const word = told.slice(0, 3).find((one) => TOLD.test(one));
  return word === undefined ? undefined : `is told to "${word}", so it removes what may be needed`;
}

function namesOf(command: Command): readonly string[] {
  const { program } = command;
  // `DROP TABLE` and `wipe` itself are judged elsewhere.
  const own = isKnownProgram(program) ? [] : [baseOf(program)];
  if (BUILDERS.test(program)) return plainWords(command)[0] === 'run' ? tasksOf(command) : own;
  return RUNNERS.test(program) ? tasksOf(command) : own;
}

/** Every word that may name a task or a file, those that it reads from its input among them. */
function tasksOf({ program, args, input }: Command): readonly string[] {
  const words = plainWords({ program, args });
  const packages = MANAGERS.test(program) ? words.findIndex((word) => PACKAGES.test(word)) : -1;
  const file = input.kind === 'file' || input.kind === 'pipe' ? input.file : undefined;
  return [...(packages < 0 ? words : words.slice(0, packages + 1)), ...(file === undefined ? [] : [file])]
    .filter((word) => !/[\s=]/.test(word))
    .map(baseOf);
}

function baseOf(word: string): string {
  return word.replace(/["']/g, '').replace(/^.*\//, '');
}

function saysDestruction(name: string): boolean {
  const words = name.split(/[-_.:+]/);
  const joined = words.map((word, i) => (word === 'tear' && words[i + 1] === 'down' ? 'teardown' : word));
  if (joined.some((word) => WORDS.test(word) || JOINED.test(word))) return true;
  if (joined.includes('reset') && joined.some((word) => DATABASE.test(word))) return true;
  return joined.some((word) => REMOVES.test(word)) && joined.some((word) => WHOLE.test(word));
}
