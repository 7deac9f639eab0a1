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
]);
const EXTENSION = /^[\p{L}\p{N}_.[\]{}()@+-]{0,120}\.[A-Za-z][A-Za-z0-9]{0,9}$/u;
const SPLIT = /[\s,;，、；（）()"“”「」'|→←]+/u;
const TRIM = /^[*_<:：.]+(?=[\p{L}\p{N}@[_./-])|[*_>:：.。！!?]+$/gu;
const MOST = 50;

/** Files and folders that a task names, each once, in order: in code marks or bare. Neither URLs nor routes (`/api/users`) are files. */
export function pathsIn(text: string): string[] {
  const found = new Set<string>();
  const parts = text.slice(0, 20_000).split('`');
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    for (const word of part.split(SPLIT)) {
      const path = pathOf(word, isCode);
      if (path !== undefined && found.size < MOST) found.add(path);
    }
  });
  return [...found];
}

function pathOf(word: string, isCode: boolean): string | undefined {
  const path = (isCode ? word : beforeWords(word)).replaceAll(TRIM, '');
  if (path.length < 3 || path.length > 300 || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return undefined;
  if (/[<>$=*\\^]|\.\.\.|…/.test(path) || !/[\p{L}\p{N}]/u.test(path)) return undefined;
  if (NAMED.has(path)) return path;
  const slash = path.lastIndexOf('/');
  if (slash < 0) return isFileName(path) ? path : undefined;
  const last = path.slice(slash + 1);
  if (path.startsWith('/') || /^(?:@|and\/|or\/)/.test(path)) return undefined;
  if (last === '') return /^[\w.@[\]()-]+(?:\/[\w.@[\]()-]+)*\/$/.test(path) ? path : undefined;
  return EXTENSION.test(last) || NAMED.has(last) ? path : undefined;
}

/** Japanese and Chinese write no blank between a path and what follows: `lib/main.dartに`. */
function beforeWords(word: string): string {
  const at = word.search(/[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7A3]/u);
  return at > 0 ? word.slice(0, at) : word;
}

const CODE_FILE =
  /\.(?:[cm]?[jt]sx?|py|rs|go|java|kts?|swift|rb|php|cs|fs|vue|svelte|dart|c|h|cc|cpp|hpp|sql|ya?ml|json|toml|md|css|scss|html?|sh|env|lock|txt|xml|gradle|tf|proto|prisma|csv|ini|cfg|conf|plist|ex|exs|erl|hs|scala|lua|r|jl|ipynb)$/i;

/** "next.config.ts", ".env": a dot alone (e.g. "e.g.", "v1.2", "Node.js") makes no file. */
function isFileName(word: string): boolean {
  return CODE_FILE.test(word) && !/^[A-Z][a-z]+\.js$/.test(word) && /^[\p{L}\p{N}_.[\]@+-]+$/u.test(word);
}

const CREATES =
  /(?:^|[^\p{L}])(?:create|write|generate|scaffold|crear|criar|crie|creer|créer|escrever|escribir|erstelle\w*|anlegen)(?![\p{L}])|作成|生成|新規|创建|新建|建立|编写|생성|작성/iu;

/** Files that a task makes: what it leaves behind can be looked at. A path with a pattern or a way out of its folder is none. */
export function madeFiles(text: string, paths: readonly string[]): string[] {
  if (!CREATES.test(text)) return [];
  return paths.filter((path) => !path.endsWith('/') && !/[[\]{}()*]|(?:^|\/)\.\.(?:\/|$)/.test(path));
}
