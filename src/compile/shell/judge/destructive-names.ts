import type { Command } from '#compile/shell/facts.js';
import { plainWords } from './shapes.js';

/** Programs that run a task which the project names: nobody knows what it does, but its name says. */
const RUNNERS =
  /^(?:make|gmake|just|task|mage|invoke|inv|rake|bin\/rails|rails|npm|pnpm|yarn|bun|deno|composer|gradle|gradlew|mvn|mvnw|ant|bash|sh|zsh|node|python[\d.]*|ruby|php)$/;

const WORDS =
  /^(?:tear[-_]?down|teardown|destroy|wipe|purge|nuke|obliterate|drop|truncate|erase|uninstall|factory[-_]?reset)$/i;
const DATABASE = /^(?:db|database|data|schema|volumes?)$/i;

/** A script or a task that is named after destroying something: `./teardown.sh`, `make destroy`, `npm run db:reset`. */
export function destroysByName(command: Command): string | undefined {
  const named = namesOf(command).find(saysDestruction);
  return named === undefined ? undefined : `is called "${named}", so it removes what may be needed`;
}

function namesOf(command: Command): readonly string[] {
  const { program } = command;
  if (RUNNERS.test(program))
    return plainWords(command)
      .filter((word) => word !== 'run')
      .slice(0, 1)
      .map(baseOf);
  return /\.(?:sh|bash|py|rb|pl|js|mjs|ts|php)$/.test(program) ? [program] : [];
}

function baseOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

function saysDestruction(name: string): boolean {
  const words = name.replace(/\.\w+$/, '').split(/[-_.:]/);
  const joined = words.map((word, i) => (word === 'tear' && words[i + 1] === 'down' ? 'teardown' : word));
  if (joined.some((word) => WORDS.test(word))) return true;
  return joined.includes('reset') && joined.some((word) => DATABASE.test(word));
}
