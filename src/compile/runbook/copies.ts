import type { Command, ShellFacts } from '../shell/facts.js';
import { changesOf } from './work.js';

/** Files that one step makes and a rollback brings back, by their names. */

/** Without quotes, `./` and a slash at its end. */
export const plainPath = (word: string): string => word.replaceAll(/["']/g, '').replace(/^\.\//, '').replace(/\/$/, '');

/** The copies that a rollback brings back: `mv live.old live`, `tar xf backup.tgz`, `psql shop < dump.sql`. */
export function copiesRead(undo: ShellFacts): readonly string[] {
  return changesOf(undo).flatMap((command) => {
    const { input } = command;
    const fed = 'file' in input && typeof input.file === 'string' ? [input.file] : [];
    return [...copiesNamed(command), ...fed].map(plainPath);
  });
}

/** Options whose value is a folder, a database or a name, and no file that is read. */
const VALUED =
  /^-(?:[dUhpntjFCux]|-(?:dbname|username|host|port|schema|table|jobs|format|directory|db|nsInclude|uri))$/;

function copiesNamed({ program, args }: Command): string[] {
  const named = args.filter((word, at) => !word.startsWith('-') && !VALUED.test(args[at - 1] ?? ''));
  switch (program) {
    case 'cp':
    case 'mv':
    case 'rsync':
      return named.slice(0, -1);
    case 'tar':
      return archiveOf(args);
    case 'unzip':
      return named.slice(0, 1);
    case 'gunzip':
      return named;
    case 'pg_restore':
    case 'mongorestore':
      return [...named.slice(-1), ...behind(args, '--archive=')];
    default:
      return [];
  }
}

/** `tar xzf FILE`, `tar -C DIR -xf FILE`, `tar --file=FILE`. */
function archiveOf(args: readonly string[]): string[] {
  const short = args.findIndex(
    (word, at) => (at === 0 ? /^-?[A-Za-z]*f$/ : /^-[A-Za-z]*f$/).test(word) || word === '--file',
  );
  return [...(short < 0 ? [] : args.slice(short + 1, short + 2)), ...behind(args, '--file=')];
}

const behind = (args: readonly string[], option: string): string[] =>
  args.filter((word) => word.startsWith(option)).map((word) => word.slice(option.length));

const DUMPS = /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|sqlite3|zip)$/;

/** Whether a step makes one of these files, by its name. */
export function isMadeBy(step: ShellFacts, copies: readonly string[]): boolean {
  return changesOf(step).some((command) => {
    const { program, args, writes } = command;
    const last = /^(?:cp|mv|rsync)$/.test(program) ? [args.at(-1) ?? ''] : [];
    // Behind an option, or within a word of its own: `-f dump.sql`, `.backup 'app.bak'`.
    const named = DUMPS.test(program) ? args.flatMap(wordsIn) : [];
    const packed = program === 'tar' ? archiveOf(args) : [];
    return [...writes, ...last, ...named, ...packed]
      .map(plainPath)
      .some((file) => file !== '' && copies.includes(file));
  });
}

const wordsIn = (word: string): string[] => word.split(/[\s=]+/);
