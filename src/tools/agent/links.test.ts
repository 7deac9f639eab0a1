import { expect, test } from 'vitest';
import { leadingOut, readBlobs, readLinks } from './links.js';

const links = (...pairs: [string, string][]) => new Map(pairs);
const none = links();

test.each([
  ['a/link', 'b', true],
  ['a/link', '../b', true],
  ['a/link', './/../b/', true],
  ['a/link', '../../b', false],
  ['link', '/etc/passwd', false],
  ['link', '.', true],
  ['link', '.git/config', false],
  ['link', '.GIT', false],
  ['a/b/link', '../../.git', false],
  ['a/b/link', '../..', true],
  ['link', 'link', false],
  ['link', `${'a/'.repeat(100_000)}b`, false],
  // In a checkout `node_modules/a` may be a link that git does not know.
  ['link', 'node_modules/a/../../b', false],
])('a new link %s to %s may be: %s', (path, target, may) => {
  expect(leadingOut(none, links([path, target]))).toEqual(may ? [] : [path]);
});

test('links that each look harmless do not lead out together', () => {
  const up = links(['d1/d2/d3/x', '../../..']);
  const both = links(...up, ['y', 'd1/d2/d3/x/../../../home/u/.ssh/authorized_keys']);
  expect(leadingOut(none, both)).toEqual(['y']);
  expect(leadingOut(up, both)).toEqual(['y']);
});

test('a link may not go through one that was there and leads out', () => {
  const before = links(['machine', '/etc'], ['beside', '../other']);
  expect(leadingOut(before, links(...before, ['a', 'machine/passwd'], ['b', 'beside'], ['c', 'a']))).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test('what led out before the change may stay, but be led nowhere else', () => {
  const before = links(['machine', '/etc'], ['up', 'd/e/../../../other'], ['loop', 'loop']);
  expect(leadingOut(before, before)).toEqual([]);
  expect(leadingOut(before, links(...before, ['d', 'deep/below']))).toEqual([]);
  expect(leadingOut(before, links(...before, ['d/e', '..']))).toEqual(['up']);
});

test('a change of what an old link goes through does not let that lead out', () => {
  const old: [string, string] = ['d/e/old', 'a/../../x'];
  expect(leadingOut(links(old), links(old, ['d/e/a', '../..']))).toEqual(['d/e/old']);
  // Also where a link gives way to a folder.
  const through: [string, string] = ['old', 'a/../../x'];
  expect(leadingOut(links(through, ['a', 'b/c']), links(through))).toEqual(['old']);
});

test('the forms of git are read, whatever a path or a target holds', () => {
  const records = [
    '100644 blob aa\ta b',
    '120000 blob bb\tl\t"\n\xfe',
    '120000 blob cc\tl\t"\n\xff',
    '160000 commit dd\tsub',
  ];
  const listing = records.map((record) => `${record}\0`).join('');
  expect([...readLinks(listing)]).toEqual([
    ['l\t"\n\xfe', 'bb'],
    ['l\t"\n\xff', 'cc'],
  ]);
  expect([...readLinks('')]).toEqual([]);
  expect([...readBlobs('aa blob 4\na\nb\n\nbb missing\ncc blob 0\n\ndd blob 1\nx\n')]).toEqual([
    ['aa', 'a\nb\n'],
    ['cc', ''],
    ['dd', 'x'],
  ]);
});
