import { posix } from 'node:path';

/** Names without an extension that are files all the same. */
const NAMED = new Set([
  'Dockerfile',
  'Makefile',
  'Procfile',
  'Gemfile',
  'Rakefile',
  'Justfile',
  'Jenkinsfile',
  'LICENSE',
  'CODEOWNERS',
]);
/** In a folder: a hook of git. */
const HOOK = /^(?:(?:pre|post)-(?:commit|push|merge|checkout|rebase)|(?:prepare-)?commit-msg)$/;
const EXTENSION = /^[\p{L}\p{N}_.[\]{}()@+$-]{0,120}\.[A-Za-z][A-Za-z0-9]{0,9}$/u;
/** `.gitignore`, `.env.example`, `.nvmrc`: known by their kind, as `.tsx` and `.map` look the same and are no files. */
const DOT_FILE =
  /^\.(?:env|flake8|htaccess|mailmap|nojekyll|rspec|[a-z][a-z_-]+(?:ignore|rc|rules|keep|attributes|modules|versions?|config|format|tidy))(?:\.[\w-]+)*$/;
/** `.d.ts`, `.test.tsx`: what the names of several files end with. */
const ENDING = /^\.(?:d|test|tests|spec|e2e|cy|stories|story|module|min|page|tar|blade)\./;
const SPLIT = /[\s,;，、；（）()"“”「」'|→←]+/u;
const MOST = 50;

/** Folders of routers that are made of files: `(shop)/`, `(.)photo/`, `+page@(app).svelte`. Their brackets end no path. */
const GROUP = /(?<=[/@)])\(([\w-]+|\.{1,3})\)(?=[\w/@[(.])|(?<![^\s(（])\(((?:[\w-]+(?=\)\/)|\.{1,3}(?=\)\w)))\)/g;
/** Names of a route's part: `[slug]`, `[[...slug]]`, `[id=integer]`, `(...)`, `posts.$id`. */
const PARTS = /\[{1,2}(?:\.\.\.)?[\w-]+(?:=\w+)?\]{1,2}|\(\.{1,3}\)|(?<=[/.])\$[a-z]\w*/g;

/**
 * Files and folders of the project that a task names, each once, in order: in code marks or bare, as they are written but for `./`.
 * Neither URLs nor routes (`/api/users`) are files, and what lies outside of the project (`../x`, `/etc/x`, `~/x`) is none of its files.
 */
export function pathsIn(text: string): string[] {
  const found = new Set<string>();
  const parts = text.slice(0, 20_000).split('`');
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    for (const word of wordsOf(part)) {
      const path = pathOf(isCode ? word.replace(/[:.]+$/, '') : bare(word));
      if (path !== undefined && found.size < MOST) found.add(path);
    }
  });
  return [...found];
}

/** The brackets of a folder's name are kept out of sight of the split by two signs that no text has. */
function wordsOf(part: string): string[] {
  const hidden = part.replaceAll(GROUP, (_, after?: string, first?: string) => `\uE000${after ?? first}\uE001`);
  return hidden.split(SPLIT).map((word) => word.replaceAll('\uE000', '(').replaceAll('\uE001', ')'));
}

/** Without the marks and signs of the sentence around it; the dot or the underscore that a name begins with is its own. */
function bare(word: string): string {
  const core = beforeWords(word)
    .replace(/^[<:：]+|^\*+(?![./])/, '')
    .replace(/[*>:：.。！!?]+$/, '');
  return /^(_+)(.*?)\1$/.exec(core)?.[2] ?? core;
}

/** Japanese and Chinese write no blank between a path and what follows: `lib/main.dartに`. */
function beforeWords(word: string): string {
  const at = word.search(/[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7A3]/u);
  return at > 0 ? word.slice(0, at) : word;
}

function pathOf(word: string): string | undefined {
  if (word.length < 3 || word.length > 300 || /^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return undefined;
  const named = word.replaceAll(PARTS, 'x');
  if (/[<>$=*\\^]|\.\.\.|…/.test(named) || !/[\p{L}\p{N}]/u.test(named)) return undefined;
  if (/^(?:[/~@]|and\/|or\/)/.test(word)) return undefined;
  const path = posix.normalize(word);
  return /^\.\.(?:\/|$)/.test(path) || !isNamed(path) ? undefined : path;
}

function isNamed(path: string): boolean {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return NAMED.has(path) || DOT_FILE.test(path) || isFileName(path);
  const last = path.slice(slash + 1);
  if (last === '') return /^[\w.@[\]()=+-]+(?:\/[\w.@[\]()=+-]+)*\/$/.test(path);
  return EXTENSION.test(last) || NAMED.has(last) || DOT_FILE.test(last) || HOOK.test(last);
}

const CODE_FILE =
  /\.(?:[cm]?[jt]sx?|py|rs|go|java|kts?|swift|rb|php|cs|fs|vue|svelte|astro|dart|c|h|cc|cpp|hpp|sql|ya?ml|json|toml|md|css|scss|html?|sh|env|lock|txt|xml|gradle|tf|proto|prisma|csv|ini|cfg|conf|plist|ex|exs|erl|hs|scala|lua|r|jl|ipynb)$/i;

/** "next.config.ts", ".eslintrc.json": a dot alone (e.g. "e.g.", "v1.2", "Node.js", ".ts") makes no file. */
function isFileName(word: string): boolean {
  if (!CODE_FILE.test(word) || /^[A-Z][a-z]+\.js$/.test(word) || !/^[\p{L}\p{N}_.[\]@+$-]+$/u.test(word)) return false;
  return !word.startsWith('.') || (word.lastIndexOf('.') > 0 && !ENDING.test(word));
}
