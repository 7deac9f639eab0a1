import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  /** Relative to the checkout: `src/ir/plan.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below a folder of the checkout; tests, and what is installed there, left out. */
export function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The text files that git keeps (or will, when added): what a clone brings to a stranger. */
export function trackedTexts(): Source[] {
  // A build server may run as another user than the one who cloned; git refuses that unless told.
  const trust = ['-c', 'safe.directory=*'];
  const listed = execFileSync('git', [...trust, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  return listed
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
    .filter((source) => !source.text.includes('\0'));
}

/** The same text with comments blanked and line numbers kept. A `//` inside a string counts only after a blank. */
export function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

/** `path:line: the line` for each line that matches. */
export function findings(source: Source, pattern: RegExp): string[] {
  return source.text
    .split('\n')
    .flatMap((line, place) => (pattern.test(line) ? [`${source.path}:${place + 1}: ${line.trim()}`] : []));
}
