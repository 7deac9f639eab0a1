import { posix } from 'node:path';

/** Where each link of a tree says that it leads, by its path. Both are bytes as latin1: no two paths become one. */
export type Links = ReadonlyMap<string, string>;

/** Mode of a link in a tree of git. */
export const LINK = '120000';
/** A way of more names, or a longer one, is not followed to its end; a loop has none. */
const MOST_NAMES = 1000;
const LONGEST_WAY = 4096;

/** Reads `git ls-tree -r -z`: records of `MODE TYPE SHA`, tab, path, NUL. @returns the links: path and digest of the target */
export function readLinks(listing: string): Map<string, string> {
  const links = new Map<string, string>();
  for (const record of listing.split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, , sha = ''] = record.slice(0, Math.max(tab, 0)).split(' ');
    if (mode === LINK) links.set(record.slice(tab + 1), sha);
  }
  return links;
}

/** Reads `git cat-file --batch`: `SHA TYPE SIZE`, line feed, content, line feed. @returns the content of each digest; none of those that are missing */
export function readBlobs(batch: string): Map<string, string> {
  const blobs = new Map<string, string>();
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    if (end === -1) return blobs;
    const [sha = '', type, size] = batch.slice(at, end).split(' ');
    at = end + 1;
    if (type === 'missing') continue;
    blobs.set(sha, batch.slice(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}

/**
 * The links that a change lets lead out of the tree or into its `.git`: its own, and those whose way it has changed. What led to the
 * same place outside before is no matter of the change.
 *
 * A new link may climb (`..`) only before the first name it goes through: what lies there in a checkout, a link that git does not
 * know among it, cannot be seen here.
 */
export function leadingOut(before: Links, after: Links): string[] {
  const leads = ([path, target]: [string, string]) => {
    const isNew = before.get(path) !== target;
    if (isNew && climbsLate(target)) return true;
    const out = wayOut(path, after);
    return out !== undefined && (isNew || out !== wayOut(path, before));
  };
  return [...after].filter(leads).map(([path]) => path);
}

function climbsLate(target: string): boolean {
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const below = names.findIndex((name) => name !== '..');
  return below !== -1 && names.lastIndexOf('..') > below;
}

/** Follows a link as the file system would, through all others. @returns where it leaves the tree; undefined when it does not */
function wayOut(path: string, links: Links): string | undefined {
  let at = posix.dirname(path);
  const ahead = [posix.basename(path)];
  for (let names = 0; ahead.length > 0; names += 1) {
    const name = ahead.pop() ?? '';
    const rest = () => [name, ...ahead.toReversed()].join('/');
    if (names + ahead.length > MOST_NAMES || at.length > LONGEST_WAY) return 'without end';
    if (name === '..' && at === '.') return rest();
    const next = posix.join(at, name);
    if (next.toLowerCase() === '.git') return rest();
    const target = links.get(next);
    if (target === undefined) at = next;
    else if (posix.isAbsolute(target)) return [target, ...ahead.toReversed()].join('/');
    else if (target.length > LONGEST_WAY) return 'without end';
    else ahead.push(...target.split('/').toReversed());
  }
  return undefined;
}
