import { posix } from 'node:path';
import { LINK, type Links, leadingOut } from './links.js';

/** One entry of `git diff-tree --raw -z`. */
export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** Of the new entry, such as `100644`; `000000` when it was removed. */
  readonly mode: string;
  /** Of the new content. */
  readonly sha: string;
}

const KINDS: Readonly<Record<string, Change['kind']>> = { A: 'added', D: 'removed' };
const REPOSITORY = '160000';

/** Reads `git diff-tree -r -z --raw --no-renames`: records of `:OLDMODE NEWMODE OLDSHA NEWSHA STATUS`, NUL, path, NUL. */
export function readChanges(raw: string): Change[] {
  const fields = raw.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , sha = '', status = ''] = (fields[at] ?? '').split(' ');
    changes.push({ path: fields[at + 1] ?? '', kind: KINDS[status[0] ?? ''] ?? 'changed', mode, sha });
  }
  return changes;
}

export interface Rules {
  readonly allowedPaths: readonly string[] | undefined;
  /** All of the base, and all of what the agent left. */
  readonly links: { readonly before: Links; readonly after: Links };
}

const MOST_NAMED = 10;
/** Each is followed through all others. */
const MOST_LINKS = 1000;

/** Why a change may not be taken over; undefined when it may. */
export function changeRefusal(changes: readonly Change[], { allowedPaths, links }: Rules): string | undefined {
  const outside = changes.filter(({ path }) => allowedPaths?.every((allowed) => !covers(allowed, path)) ?? false);
  if (outside.length > 0) return `it changes what is not among the allowed paths: ${named(pathsOf(outside))}`;
  const nested = changes.filter(({ mode }) => mode === REPOSITORY);
  if (nested.length > 0) return `it holds a repository within the repository: ${named(pathsOf(nested))}`;
  const modules = changes.filter(({ path, kind }) => kind !== 'removed' && posix.basename(path) === '.gitmodules');
  if (modules.length > 0) return 'it would fetch other repositories: .gitmodules';
  const made = changes.filter(({ mode }) => mode === LINK);
  if (made.length > MOST_LINKS) return `it makes ${made.length} links, of ${MOST_LINKS} allowed`;
  const leading = leadingOut(links.before, links.after).map((path) => Buffer.from(path, 'latin1').toString('utf8'));
  return leading.length > 0 ? `a link leads out of the repository: ${named(leading)}` : undefined;
}

/** `src/` covers what is below it, `src/a.ts` itself; `src` covers both. */
function covers(allowed: string, path: string): boolean {
  const clean = posix.normalize(allowed);
  return (
    clean === './' || clean === '.' || path === clean || path.startsWith(clean.endsWith('/') ? clean : `${clean}/`)
  );
}

const pathsOf = (changes: readonly Change[]) => changes.map(({ path }) => path);

function named(paths: readonly string[]): string {
  const first = paths.slice(0, MOST_NAMED);
  const more = paths.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}
