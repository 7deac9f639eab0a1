import { posix } from 'node:path';

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
export const LINK = '120000';
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
  /** Where a link leads, by the digest of its content. */
  readonly linkTargets: ReadonlyMap<string, string>;
}

const MOST_NAMED = 10;

/** Why a change may not be taken over; undefined when it may. */
export function changeRefusal(changes: readonly Change[], { allowedPaths, linkTargets }: Rules): string | undefined {
  const outside = changes.filter(({ path }) => allowedPaths?.every((allowed) => !covers(allowed, path)) ?? false);
  if (outside.length > 0) return `it changes what is not among the allowed paths: ${named(outside)}`;
  const nested = changes.filter(({ mode }) => mode === REPOSITORY);
  if (nested.length > 0) return `it holds a repository within the repository: ${named(nested)}`;
  const modules = changes.filter(({ path, kind }) => kind !== 'removed' && posix.basename(path) === '.gitmodules');
  if (modules.length > 0) return 'it would fetch other repositories: .gitmodules';
  const leading = changes.filter(({ path, mode, sha }) => mode === LINK && leadsOut(path, linkTargets.get(sha)));
  return leading.length > 0 ? `a link leads out of the repository: ${named(leading)}` : undefined;
}

/** `src/` covers what is below it, `src/a.ts` itself; `src` covers both. */
function covers(allowed: string, path: string): boolean {
  const clean = posix.normalize(allowed);
  return (
    clean === './' || clean === '.' || path === clean || path.startsWith(clean.endsWith('/') ? clean : `${clean}/`)
  );
}

/** A link whose target is not known counts as leading out. */
function leadsOut(path: string, target: string | undefined): boolean {
  if (target === undefined || posix.isAbsolute(target)) return true;
  const end = posix.normalize(posix.join(posix.dirname(path), target));
  return end === '..' || end.startsWith('../') || end === '.git' || end.startsWith('.git/');
}

function named(changes: readonly Change[]): string {
  const first = changes.slice(0, MOST_NAMED).map(({ path }) => path);
  const more = changes.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}
