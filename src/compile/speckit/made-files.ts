const CREATES =
  /(?:^|[^\p{L}])(?:create|write|generate|scaffold|crear|criar|crie|creer|créer|escrever|escribir|erstelle\w*|anlegen)(?![\p{L}])|作成|生成|新規|创建|新建|建立|编写|생성|작성/iu;
/** What stands before a file that is read: "per data-model.md", "tests for src/a.ts". */
const READ =
  /(?:^|[^\p{L}])(?:per|from|for|using|see|following|against|like|via|into|imports?|exports?|based on|according to|defined in)[\s`*"'(]*$/iu;
/** What joins the files of one list. */
const JOIN = /^[\s`*"']*(?:,\s*and\b|,|、|&|\+|and\b|und\b|et\b|y\b|e\b|和|と)[\s`*"']*(?:\.\/)?/iu;
/** Of several names in one: `src/{a,b}.ts`. */
const PATTERN = /[{}*]/;
/** Brackets in a path name a part of a route there; elsewhere they stand for a word to fill in. */
const ROUTED = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?)$/;

interface Place {
  readonly path: string;
  readonly from: number;
}

/**
 * Files that a task makes: what it leaves behind can be looked at. They are those named right after "create", as one or as a list;
 * what follows ("per data-model.md", "`.gitignore` (.env, dist/)") is what they are about. Where none follows, they stand before it.
 *
 * @param paths as `pathsIn` finds them in the same text
 */
export function madeFiles(text: string, paths: readonly string[]): string[] {
  const creates = CREATES.exec(text);
  if (creates === null) return [];
  const places = (from: number) =>
    placesOf(text, paths, from).filter((place) => !READ.test(text.slice(Math.max(0, place.from - 30), place.from)));
  const [first] = places(creates.index + creates[0].length);
  const made = first === undefined ? places(0).map(({ path }) => path) : listFrom(text, first, paths);
  return [...new Set(made)].filter((path) => isOne(path) && !ofEach(text, path));
}

function isOne(path: string): boolean {
  return !path.endsWith('/') && !PATTERN.test(path) && (!/[[\]]/.test(path) || ROUTED.test(path));
}

/** ".dockerignore files for both": one in each of several folders. */
function ofEach(text: string, path: string): boolean {
  return !path.includes('/') && /^[`*"']*\s+files\b/i.test(text.slice(text.indexOf(path) + path.length));
}

/** Where each path stands first, in order; of two at one place the longer one. */
function placesOf(text: string, paths: readonly string[], start: number): Place[] {
  const found = paths.map((path) => ({ path, from: text.indexOf(path, start) })).filter(({ from }) => from >= 0);
  return found.sort((a, b) => a.from - b.from || b.path.length - a.path.length);
}

function listFrom(text: string, first: Place, paths: readonly string[]): string[] {
  const list = [first.path];
  let end = first.from + first.path.length;
  for (;;) {
    const joined = JOIN.exec(text.slice(end, end + 40))?.[0].length ?? 0;
    const [next] = joined === 0 ? [] : paths.filter((path) => text.startsWith(path, end + joined)).sort(longerFirst);
    if (next === undefined) return list;
    list.push(next);
    end += joined + next.length;
  }
}

const longerFirst = (a: string, b: string): number => b.length - a.length;
