import { describe, expect, test } from 'vitest';
import { findings, type Source, sourcesBelow, withoutComments } from './sources.js';

interface Habit {
  readonly name: string;
  /** What a line must not hold. */
  readonly pattern: RegExp;
  /** The files where it may stand. */
  readonly allowed: RegExp;
  /** A line that must be caught: a pattern that catches nothing would hold forever. */
  readonly caught: string;
}

const HABITS: readonly Habit[] = [
  {
    name: 'only kit/config.ts reads the environment',
    pattern: /\bprocess\.env\b|\bprocess\[['"]env['"]\]|import\s*\{[^}]*\benv\b[^}]*\}\s*from 'node:process'/,
    allowed: /^src\/kit\/config\.ts$/,
    caught: "const home = process.env['HOME'];",
  },
  {
    name: 'SQL lives in stores and below db',
    pattern: /\b(select\s[^;]*\sfrom|insert into|update [\w."]+ (as \w+ )?set|delete from)\s/i,
    allowed: /^src\/db\/|(^|[/-])store\.ts$/,
    caught: 'const text = `select id from runs where id = $1`;',
  },
  {
    name: 'only the command line writes to the console',
    pattern: /(?<!\/)\bconsole\.|\bprocess\.(stdout|stderr)\b/,
    allowed: /^src\/(cli\/|main\.ts$)/,
    caught: "console.log('ready');",
  },
  {
    name: 'nothing evaluates text as code',
    pattern: /\beval\(|\bnew Function\(|\bexecSync\(|\bexec\(\s*`|\bshell:\s*true/,
    allowed: /^$/,
    caught: 'spawn(command, { shell: true });',
  },
  {
    name: 'nothing is left for later',
    pattern: /\b(TODO|FIXME|XXX)\b|@ts-ignore|\bas any\b/,
    allowed: /^$/,
    caught: 'const plan = input as any;',
  },
];

const MOST_LINES = 400;
const sources = sourcesBelow('src');

describe.each(HABITS)('$name', ({ pattern, allowed, caught }) => {
  test('the pattern catches what it is for', () => {
    expect(findings({ path: 'example.ts', text: caught }, pattern)).toHaveLength(1);
  });

  test('src keeps to it', () => {
    const bound = sources.filter((source) => !allowed.test(source.path));
    const found = bound.flatMap((source) => findings({ ...source, text: withoutComments(source.text) }, pattern));
    expect(found).toEqual([]);
  });
});

test(`no file is longer than ${MOST_LINES} lines`, () => {
  const generated = 'web/api/schema.ts';
  const long = [...sources, ...sourcesBelow('test'), ...sourcesBelow('web')].filter(
    ({ path, text }) => path !== generated && text.split('\n').length > MOST_LINES + 1,
  );
  expect(long.map((source) => source.path)).toEqual([]);
});

/** A file that does nothing but hand on what others export. */
function isBarrel({ text }: Source): boolean {
  const statements = withoutComments(text)
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return (
    statements.length > 0 &&
    statements.every((statement) => /^export\s+(type\s+)?(\*|\{[^}]*\})\s*(as \w+\s*)?from\s/.test(statement))
  );
}

test('a barrel is known when it is seen', () => {
  expect(isBarrel({ path: 'x.ts', text: "export * from './a.js';\nexport { b } from './b.js';\n" })).toBe(true);
  expect(isBarrel({ path: 'x.ts', text: "export { b } from './b.js';\nexport const c = 1;\n" })).toBe(false);
});

test('there are no barrels; the package has one entry', () => {
  const barrels = sources.filter((source) => source.path !== 'src/library.ts' && isBarrel(source));
  expect(barrels.map((source) => source.path)).toEqual([]);
  expect(sources.filter((source) => source.path.endsWith('/index.ts'))).toEqual([]);
});
