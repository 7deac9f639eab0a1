import type { Command, ShellFacts } from '../../shell/facts.js';
import { changesOf } from './work.js';

/** Files that one step makes and a rollback brings back, by their names. */

/** Without quotes, `./`, the braces of `${X}` and a slash at its end. */
export const plainPath = (word: string): string =>
  word
    .replaceAll(/["']/g, '')
    .replaceAll(/\$\{(\w+)\}/g, '$$$1')
    .replace(/^\.\//, '')
    .replace(/\/$/, '');

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

/** Where something is put out of the way: that brings nothing back. */
const ASIDE =
  /(?:^|[-_./~])(?:withdrawn|failed|broken|bad|aside|trash|quarantine|rejected|bak|backups?|old|orig)(?:[-_.\d][^/]*)?["'}]*\/?["']?$/i;

function copiesNamed({ program, args }: Command): string[] {
  const named = args.filter((word, at) => !word.startsWith('-') && !VALUED.test(args[at - 1] ?? ''));
  switch (program) {
    case 'cp':
    case 'mv':
    case 'rsync':
      return ASIDE.test(named.at(-1) ?? '') ? [] : named.slice(0, -1);
    case 'tar':
      return archiveOf(args);
    case 'unzip':
      return named.slice(0, 1);
    case 'gunzip':
    case 'zcat':
    case 'bzcat':
    case 'xzcat':
    case 'zstdcat':
    case 'gzip':
      return named;
    case 'psql':
    case 'mysql':
    case 'mariadb':
      return args.filter((_, at) => /^(?:-f|--file)$/.test(args[at - 1] ?? ''));
    case 'etcdctl':
      return args.includes('restore') ? named.slice(-1) : [];
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

const DUMPS = /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|sqlite3|zip|etcdctl|redis-cli)$/;

/** Whether a step makes one of these files, by its name: from another folder, by the end of its path. */
export function isMadeBy(step: ShellFacts, copies: readonly string[]): boolean {
  const made = changesOf(step).flatMap(filesMade).map(plainPath);
  return made.some((file) => file !== '' && copies.some((copy) => isSame(file, copy)));
}

function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return !/^[/~$]/.test(short) && long.endsWith(`/${short}`);
}

/** What they write tells of something, and holds nothing of it. */
const TELLS = /^(?:echo|printf|date|ls|find|wc|md5sum|sha\d+sum|b2sum|cksum)$/;

function filesMade({ program, args, writes }: Command): string[] {
  if (TELLS.test(program)) return [];
  // Behind an option, or within a word of its own: `-f dump.sql`, `.backup 'app.bak'`.
  if (DUMPS.test(program)) return [...writes, ...args.flatMap((word) => word.split(/[\s=]+/))];
  if (program === 'tar') return [...writes, ...archiveOf(args)];
  return /^(?:cp|mv|rsync)$/.test(program) ? [...writes, ...targetsOf(args)] : [...writes];
}

/** The target, and, as it may be a folder, what comes to lie in it. */
function targetsOf(args: readonly string[]): string[] {
  const named = args.filter((word) => !word.startsWith('-'));
  const target = plainPath(named.at(-1) ?? '');
  return [target, ...named.slice(0, -1).map((source) => `${target}/${plainPath(source).split('/').at(-1)}`)];
}
