import { expect, test } from 'vitest';
import { type Change, changeRefusal, readChanges } from './changes.js';

const change = (path: string, more: Partial<Change> = {}): Change => ({
  path,
  kind: 'added',
  mode: '100644',
  sha: 'a',
  ...more,
});
const noLinks = { before: new Map<string, string>(), after: new Map<string, string>() };
const paths = (allowedPaths: string[], path: string) => changeRefusal([change(path)], { allowedPaths, links: noLinks });

test('the raw form of git is read, whatever a path holds', () => {
  const raw =
    ':000000 100644 000 abc A\0a b\n"ü".txt\0:100644 000000 abc 000 D\0gone\0:100644 120000 abc def T\0link\0';
  expect(readChanges(raw)).toEqual([
    { path: 'a b\n"ü".txt', kind: 'added', mode: '100644', sha: 'abc' },
    { path: 'gone', kind: 'removed', mode: '000000', sha: '000' },
    { path: 'link', kind: 'changed', mode: '120000', sha: 'def' },
  ]);
  expect(readChanges('')).toEqual([]);
});

test.each([
  [['src/'], 'src/a.ts', true],
  [['src'], 'src/a/b.ts', true],
  [['src'], 'src-other/a.ts', false],
  [['./src'], 'src/a.ts', true],
  [['a.ts'], 'a.ts', true],
  [['a.ts'], 'a.tsx', false],
  [['.'], 'anything', true],
  [['src/'], '.github/workflows/ci.yml', false],
])('%j lets %s change: %s', (allowed, path, may) => {
  expect(paths(allowed, path) === undefined).toBe(may);
});

test('a link that leads out, a repository, a list of repositories', () => {
  const none = { allowedPaths: undefined, links: noLinks };
  const links = { ...noLinks, after: new Map([[Buffer.from('ü').toString('latin1'), '/etc']]) };
  const link = change('ü', { mode: '120000' });
  expect(changeRefusal([link], { ...none, links })).toBe('a link leads out of the repository: ü');
  expect(
    changeRefusal(
      Array.from({ length: 1001 }, () => link),
      none,
    ),
  ).toContain('1001 links');
  expect(changeRefusal([change('vendor', { mode: '160000' })], none)).toContain('repository within');
  expect(changeRefusal([change('.gitmodules')], none)).toContain('other repositories');
  expect(changeRefusal([change('.gitmodules', { kind: 'removed' })], none)).toBeUndefined();
});
